"""Second floor: what people do with the portal. One public function = one use case = one transaction."""

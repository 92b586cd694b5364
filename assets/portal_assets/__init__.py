"""Third-party files for browsers, taken from npm when this package was built; see assets/build_portal_assets.py."""

// The form that brings back the provider's answer sends itself.
document.querySelector("form[data-onward]").submit();

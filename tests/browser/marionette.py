"""Firefox through Marionette, the driver that is built into it (https://firefox-source-docs.mozilla.org/testing/marionette)."""

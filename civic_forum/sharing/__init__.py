"""Things that people pass on: previews for chats, posters, and files for calendars (`blocks.sharing`)."""

// Package mailcatcher is a mail server for development and tests: it speaks SMTP to everyone, delivers to nobody and shows
// what it caught on a web page and through a small JSON API. It can be ordered to misbehave, so that senders can be tested.
package mailcatcher

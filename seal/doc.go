// Package seal holds the keys of an installation and everything that is done with them: envelope encryption of personal
// data, blind indexes for equality search, encrypted export files, and the payload codec that Temporal uses.
//
// The hierarchy is master → tenant → subject, system or stream. A key is always handed out wrapped (encrypted under the
// key above it) and seal never stores one: the caller keeps the wrapped bytes, and destroying them destroys every
// plaintext below, in backups too. Everything that is sealed or wrapped is bound to where it belongs, so bytes moved to
// another tenant, subject, row or workflow don't open.
package seal

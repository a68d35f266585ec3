// Package preflight checks a message before it goes out: may it be sent, what is wrong, by which law of which country, and what to do.
// The rules are those of the policies. Nothing is fetched but TXT records of the domain name system, by the resolver that is given;
// without one the message is judged by itself, and the report says what could not be told.
package preflight

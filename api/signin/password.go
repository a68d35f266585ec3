// Package signin is what signing in is made of: passwords, second factors, tokens and the providers of single sign-on. It keeps
// nothing and speaks no HTTP of its own but to such a provider.
package signin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/ccojocar/zxcvbn-go"
	"github.com/ccojocar/zxcvbn-go/match"
	"github.com/ccojocar/zxcvbn-go/matching"
)

// How long a password is. The most bounds what hashing and estimating it cost.
const (
	MinPassword = 12
	MaxPassword = 200
)

// goodScore is the least that zxcvbn's estimate must say, of 0 to 4: about 10^8 guesses.
const goodScore = 3

// estimated is how much of a password is looked at for its strength; what is long beyond that is strong by its length.
const estimated = 64

// signsTried is up to how many different signs are also read as the letters that they look like: p4ssw0rd.
const signsTried = 5

// ErrPassword says why a password is not taken; the message ends a sentence that begins with the password.
var ErrPassword = errors.New("the password is not good enough")

// hashing is what OWASP recommends as the least for argon2id: 19 MiB, two passes, one lane.
func hashing() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// hashesAtOnce bounds the memory and the processors that strangers can make hashing take.
const hashesAtOnce = 4

// Passwords hashes and compares. It is safe for concurrent use.
type Passwords struct {
	slots chan struct{}
	// nobody is a hash that no password has: to compare with it costs what a real comparison costs.
	nobody string
}

// NewPasswords makes one.
func NewPasswords() (*Passwords, error) {
	p := &Passwords{slots: make(chan struct{}, hashesAtOnce)}
	var err error
	p.nobody, err = argon2id.CreateHash(NewToken(), hashing())
	if err != nil {
		return nil, fmt.Errorf("prepare the hashing of passwords: %w", err)
	}
	return p, nil
}

func (p *Passwords) take(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

// Hash gives what is kept of a password.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := p.take(ctx); err != nil {
		return "", err
	}
	defer func() { <-p.slots }()
	hash, err := argon2id.CreateHash(password, hashing())
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Matches says whether a password is the one behind the hash. Without a hash it takes as long, and says no.
func (p *Passwords) Matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > 4*MaxPassword {
		password = "" // no password that was ever taken, and none that hashing should be spent on
	}
	none := hash == ""
	if none {
		hash = p.nobody
	}
	if err := p.take(ctx); err != nil {
		return false, err
	}
	defer func() { <-p.slots }()
	same, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return same && !none, nil
}

// Check says what is wrong with a new password. known are words that somebody who knows the person would try: name, address, the
// tenant's name. It waits for its turn among those who hash: an estimate costs about as much.
func (p *Passwords) Check(ctx context.Context, password string, known ...string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return fmt.Errorf("must have at least %d characters: %w", MinPassword, ErrPassword)
	case n > MaxPassword:
		return fmt.Errorf("must have at most %d characters: %w", MaxPassword, ErrPassword)
	case !utf8.ValidString(password):
		return fmt.Errorf("must be text: %w", ErrPassword)
	}
	if err := p.take(ctx); err != nil {
		return err
	}
	defer func() { <-p.slots }()
	if strength(password, known) < goodScore {
		return fmt.Errorf("is common or easy to guess, or made of a name: take several words that have nothing to do with each other: %w", ErrPassword)
	}
	return nil
}

// strength estimates how hard a password is to guess, from 0 to 4. Each sign that can stand for a letter multiplies the words that
// are tried; a password with many different ones is looked at as it is written, where guessers would
// have to try as many.
func strength(password string, known []string) int {
	head := []rune(password)
	text := string(head[:min(len(head), estimated)])
	var plain []func(match.Matcher) bool
	if signs(text) > signsTried {
		plain = append(plain, matching.FilterL33tMatcher)
	}
	return zxcvbn.PasswordStrength(text, words(known), plain...).Score
}

// signs counts the different signs of a text that can stand for letters.
func signs(text string) int {
	n := 0
	for _, sign := range "4@8({[<3691!|70$5+%2" {
		if strings.ContainsRune(text, sign) {
			n++
		}
	}
	return n
}

// words splits what is known into what could stand in a password.
func words(known []string) []string {
	var out []string
	for _, text := range known {
		out = append(out, text)
		out = append(out, strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" .@-_+&", r) })...)
	}
	return out
}

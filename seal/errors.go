package seal

import "errors"

var (
	// ErrOpen says that a ciphertext or a wrapped key doesn't open: it was altered, cut short, made for another
	// tenant, key, row or workflow, or its key was destroyed. The causes can't be told apart, on purpose.
	ErrOpen = errors.New("sealed data does not open with this key in this place")
	// ErrNoKey says that no key was given where one is needed, usually because it was destroyed.
	ErrNoKey = errors.New("there is no key: it was destroyed or never made")
	// ErrEmpty says that an identifier or a place that the ciphertext must be bound to is empty.
	ErrEmpty = errors.New("an identifier to bind the key or the data to is empty")
	// ErrNotIndexable says that a value holds nothing that can be searched for, or isn't what it claims to be.
	ErrNotIndexable = errors.New("the value can't be normalised for search")
)

func needAll(values ...string) error {
	for _, v := range values {
		if v == "" {
			return ErrEmpty
		}
	}
	return nil
}

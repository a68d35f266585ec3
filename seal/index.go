package seal

import "fmt"

// IndexKind keeps the blind indexes of different kinds of values apart: the same text gives different bytes per kind.
type IndexKind string

// The kinds of index.
const (
	IndexEmail IndexKind = "email"
	IndexPhone IndexKind = "phone"
	IndexName  IndexKind = "name"
)

// indexSize is the length of a blind index in bytes: 128 bits keep accidental matches out of reach at any table size.
const indexSize = 16

// BlindIndex gives the bytes under which a normalised value can be found by equality: stable per tenant and kind, and
// without the tenant's key neither computable nor reversible. Use EmailIndex, PhoneIndex and NameIndexes, which normalise.
func (t *TenantKeys) BlindIndex(kind IndexKind, normalised string) ([]byte, error) {
	if err := needAll(string(kind), normalised); err != nil {
		return nil, fmt.Errorf("indexing a value: %w", err)
	}
	index, err := t.index.ComputePrimaryPRF(bind("index", string(kind), normalised), indexSize)
	if err != nil {
		return nil, fmt.Errorf("indexing a value: %w", err)
	}
	return index, nil
}

// EmailIndex is the blind index of an e-mail address.
func (t *TenantKeys) EmailIndex(address string) ([]byte, error) {
	normal, err := NormalEmail(address)
	if err != nil {
		return nil, err
	}
	return t.BlindIndex(IndexEmail, normal)
}

// PhoneIndex is the blind index of a telephone number; countryCode (such as "49") completes a national one.
func (t *TenantKeys) PhoneIndex(number, countryCode string) ([]byte, error) {
	normal, err := NormalPhone(number, countryCode)
	if err != nil {
		return nil, err
	}
	return t.BlindIndex(IndexPhone, normal)
}

// NameIndexes are the blind indexes of the parts of a name, one per distinct token. A search for some of the parts
// finds the rows that have all of them.
func (t *TenantKeys) NameIndexes(name string) ([][]byte, error) {
	var out [][]byte
	for _, token := range NameTokens(name) {
		index, err := t.BlindIndex(IndexName, token)
		if err != nil {
			return nil, err
		}
		out = append(out, index)
	}
	return out, nil
}

package audit

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// treeBuilder computes the root of a growing tree from its leaf hashes alone, holding one hash per level. It tells of
// every complete subtree whose height is a multiple of a tile's, since those are the hashes that tiles hold.
type treeBuilder struct {
	size     int64
	subtrees [64]tlog.Hash // subtrees[l] is a complete subtree of 2^l leaves if bit l of size is set
	complete func(tileLevel int, hash tlog.Hash) error
}

func (t *treeBuilder) add(leaf tlog.Hash) error {
	hash, level := leaf, 0
	for ; t.size>>level&1 == 1; level++ {
		hash = tlog.NodeHash(t.subtrees[level], hash)
		if (level+1)%tileHeight == 0 {
			if err := t.complete((level+1)/tileHeight, hash); err != nil {
				return err
			}
		}
	}
	t.subtrees[level] = hash
	t.size++
	return nil
}

// root is the Merkle tree hash of RFC 6962, section 2.1, over the leaves so far.
func (t *treeBuilder) root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	var hash tlog.Hash
	first := true
	for level := range t.subtrees {
		if t.size>>level&1 == 0 {
			continue
		}
		if first {
			hash, first = t.subtrees[level], false
			continue
		}
		hash = tlog.NodeHash(t.subtrees[level], hash)
	}
	return hash
}

// Root is the Merkle tree hash of RFC 6962, section 2.1, over leaf hashes: what one event of the log says of many things.
func Root(leaves []tlog.Hash) tlog.Hash {
	t := treeBuilder{complete: func(int, tlog.Hash) error { return nil }}
	for _, leaf := range leaves {
		_ = t.add(leaf) // fails only when complete does
	}
	return t.root()
}

// leafHash is the hash of one entry, RFC 6962 section 2.1. The byte before the entry is overwritten with the prefix that
// the hash begins with, which spares a copy of every entry.
func leafHash(prefixed []byte) tlog.Hash {
	prefixed[0] = 0x00
	return sha256.Sum256(prefixed)
}

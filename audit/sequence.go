package audit

import (
	"context"
	"fmt"
	"math/bits"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
)

// Sequencer puts waiting events into the trees. It has no state: any number may run, since each step locks the head.
type Sequencer struct{}

// Integrate puts up to limit of a tenant's waiting events into its tree, within the transaction that store is, and says
// how many. It reads the right edge of the tree once, whatever the limit. It refuses to go on from a head that the stored
// hashes don't give, which means that the register was altered.
func (Sequencer) Integrate(ctx context.Context, store LogStore, tenantID string, limit int) (int, error) {
	head, err := store.LockHead(ctx, tenantID)
	if err != nil {
		return 0, fmt.Errorf("locking the audit log: %w", err)
	}
	pending, err := store.Pending(ctx, tenantID, limit)
	if err != nil {
		return 0, fmt.Errorf("reading waiting audit events: %w", err)
	}
	if len(pending) == 0 {
		return 0, nil
	}
	edge, err := loadEdge(ctx, store, tenantID, head)
	if err != nil {
		return 0, err
	}
	grown, err := edge.grow(pending)
	if err != nil {
		return 0, fmt.Errorf("growing the audit log: %w", err)
	}
	return len(pending), grown.save(ctx, store, tenantID, head.Size)
}

// edge holds the hashes that a tree of a given size needs in order to grow: the roots of its complete subtrees.
type edge struct {
	head   Head
	hashes map[int64]tlog.Hash
}

// growth is what one batch adds to the tree.
type growth struct {
	head   Head
	hashes []tlog.Hash
	ids    []uuid.UUID
}

func loadEdge(ctx context.Context, store LogStore, tenantID string, head Head) (*edge, error) {
	e := &edge{head: head, hashes: map[int64]tlog.Hash{}}
	positions := edgePositions(head.Size)
	if len(positions) == 0 {
		return e, nil
	}
	hashes, err := store.ReadHashes(ctx, tenantID, positions)
	if err != nil {
		return nil, fmt.Errorf("reading the edge of the audit log: %w", err)
	}
	for i, p := range positions {
		e.hashes[p] = hashes[i]
	}
	root, err := tlog.TreeHash(head.Size, e)
	if err != nil {
		return nil, fmt.Errorf("reading the edge of the audit log: %w", err)
	}
	if root != head.Root {
		return nil, fmt.Errorf("the stored hashes don't give the stored root at size %d: %w", head.Size, ErrAltered)
	}
	return e, nil
}

// edgePositions names the roots of the complete subtrees of a tree, largest first: one per bit of its size.
func edgePositions(size int64) []int64 {
	var out []int64
	for level := bits.Len64(uint64(size)) - 1; level >= 0; level-- {
		if size>>level&1 == 1 {
			out = append(out, tlog.StoredHashIndex(level, size>>level-1))
		}
	}
	return out
}

// ReadHashes implements tlog.HashReader over what was loaded or added.
func (e *edge) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		hash, ok := e.hashes[p]
		if !ok {
			return nil, fmt.Errorf("hash %d is not at the edge of the tree", p)
		}
		out[i] = hash
	}
	return out, nil
}

func (e *edge) grow(pending []Pending) (*growth, error) {
	g := &growth{}
	size := e.head.Size
	for _, p := range pending {
		hashes, err := tlog.StoredHashes(size, p.Entry, e)
		if err != nil {
			return nil, err
		}
		first := tlog.StoredHashIndex(0, size)
		for i, h := range hashes {
			e.hashes[first+int64(i)] = h
		}
		g.hashes = append(g.hashes, hashes...)
		g.ids = append(g.ids, p.ID)
		size++
	}
	root, err := tlog.TreeHash(size, e)
	g.head = Head{Size: size, Root: root}
	return g, err
}

func (g *growth) save(ctx context.Context, store LogStore, tenantID string, oldSize int64) error {
	if err := store.WriteHashes(ctx, tenantID, tlog.StoredHashCount(oldSize), g.hashes); err != nil {
		return fmt.Errorf("storing hashes of the audit log: %w", err)
	}
	if err := store.SetLeafIndexes(ctx, tenantID, oldSize, g.ids); err != nil {
		return fmt.Errorf("storing places in the audit log: %w", err)
	}
	if err := store.SetHead(ctx, tenantID, g.head); err != nil {
		return fmt.Errorf("storing the head of the audit log: %w", err)
	}
	return nil
}

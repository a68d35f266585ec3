// Package audit is the tamper-evident record of everything that was done or refused.
//
// An event is written in the transaction of the change that it tells about (Append), unsequenced, so that changes don't
// queue behind one another. A Sequencer later puts each tenant's events into that tenant's Merkle tree (RFC 6962), and a
// Signer signs the head of the tree (a C2SP checkpoint). Export writes the whole log as files (C2SP tlog-tiles) and Verify
// checks such files without a database. Storage implements the interfaces here; nobody else may call them.
package audit

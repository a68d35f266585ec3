// Package backup writes the register, its keys and its objects into a folder, and brings them back from it. The folder has
// two parts that are kept apart: the keys, of which only the newest are ever needed, and everything else, which without
// them is unreadable.
package backup

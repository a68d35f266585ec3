// Package policies keeps the figures of the laws as YAML files and turns them into privacy values. The loader is strict:
// an unknown key, a missing field, an impossible value or an overlap of versions refuses the files, and every problem is
// reported with file, line and reason.
package policies

package erasure

import "slices"

// Decides reports whether what stands at a path of a row decides by its day whether the row goes: the path leads to the field, into it or around it. It
// doesn't where the field lies in another collection, which may have a field of the same name, nor where no field tells a day.
func (d *Days) Decides(path []string) bool {
	if d == nil || d.Through != nil || len(d.Field) == 0 {
		return false
	}
	n := min(len(path), len(d.Field))
	return slices.Equal(path[:n], d.Field[:n])
}

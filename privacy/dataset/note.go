package dataset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Note says what was accepted in an annotation and not used as it stands, so that nobody takes it for a rule that is kept.
type Note struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Path string `json:"path,omitempty"`
	What string `json:"what"`
	// More counts the further places that the same was noted of.
	More int `json:"more,omitempty"`
}

// String writes the note without its file and line.
func (n Note) String() string {
	s := n.What
	if n.Path != "" {
		s = n.Path + ": " + s
	}
	if n.More > 0 {
		s += fmt.Sprintf(" (and so in %s)", counted(n.More, "more place"))
	}
	return s
}

// note enters what was accepted and not used, once for all places that it is the same in.
func (s *source) note(line int, path, what string) {
	if i := slices.IndexFunc(s.notes, func(n Note) bool { return n.What == what }); i >= 0 {
		s.notes[i].More++
		return
	}
	if len(s.notes) < maxProblems {
		s.notes = append(s.notes, Note{File: s.file, Line: line, Path: path, What: what})
	}
}

// taken hands the notes over that were entered so far, in the order of their lines.
func (s *source) taken() []Note {
	notes := s.notes
	s.notes = nil
	slices.SortStableFunc(notes, func(a, b Note) int { return cmp.Compare(a.Line, b.Line) })
	return notes
}

// The keys of the format that are known and not used: of all its versions, and of the programs that write it.
func keptIn(place string) []string {
	kept := map[string]string{
		"file":            "organization system policy registry evaluation data_category data_use data_subject data_qualifier saas_config connector_type",
		"dataset":         "data_qualifier data_qualifiers data_uses data_purposes data_subjects retention third_country_transfers joint_controller fidesctl_meta dataset_type location",
		"dataset_meta":    "resource_id namespace redact",
		"collection":      "data_qualifier data_qualifiers data_uses data_purposes data_subjects retention",
		"collection_meta": "masking_strategy_override partitioning redact",
		"field":           "data_qualifier data_qualifiers data_uses data_purposes data_subjects retention path",
		"field_meta":      "redact",
	}
	return strings.Fields(kept[place])
}

// insteadOf says what to do with a key that stands in the wrong place, beside what may stand there.
func insteadOf(key string, allowed []string) string {
	keys := "the keys here are " + strings.Join(allowed, ", ")
	switch {
	case slices.Contains(allowed, "fides_meta") && slices.Contains(fieldMeta(), key) && slices.Contains(allowed, "fields"):
		return "move it into fides_meta; " + keys
	case key == "type" && slices.Contains(allowed, "data_type"):
		return "write data_type in its place; " + keys
	case (key == "data_categories" || key == "description") && slices.Contains(allowed, "data_type"):
		return "move it out of fides_meta, beside the field's name; " + keys
	}
	return keys
}

// fieldMeta lists what may stand in the fides_meta of a field.
func fieldMeta() []string {
	return []string{"identity", "primary_key", "references", "data_type", "length", "return_all_elements", "read_only", "masking_strategy_override", "custom_request_field"}
}

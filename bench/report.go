package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"text/tabwriter"
)

// report is what a run found.
type report struct {
	about   []string
	figures []figure
}

// figure is one comparison with its floor. Ratio is ours to the floor's, in whichever direction the target is named.
type figure struct {
	measure, ours, floor, ratio, target string
	reached                             bool
}

// add keeps a figure that must reach at least, or stay at most, a ratio.
func (r *report) add(measure, ours, floor string, ratio float64, atLeast bool, target float64) {
	sign, reached := "≥", ratio >= target
	if !atLeast {
		sign, reached = "≤", ratio <= target
	}
	r.keep(figure{measure, ours, floor, fmt.Sprintf("%.2f ×", ratio), fmt.Sprintf("%s %g ×", sign, target), reached})
}

// keep keeps a figure, and shows it at once: a run takes long, and what was measured before it is broken off counts.
func (r *report) keep(f figure) {
	r.figures = append(r.figures, f)
	fmt.Fprintf(os.Stderr, "  %s: %s beside %s, %s (%s)\n", f.measure, f.ours, f.floor, f.ratio, f.target)
}

// compare keeps a figure beside its floor, of which nothing is asked.
func (r *report) compare(measure, ours, floor string, ratio float64) {
	r.keep(figure{measure: measure, ours: ours, floor: floor, ratio: fmt.Sprintf("%.2f ×", ratio), target: "–"})
}

// bound keeps a figure that must stay within an amount, and has no floor.
func (r *report) bound(measure, ours string, value, most float64, unit string) {
	r.keep(figure{measure, ours, "–", "–", fmt.Sprintf("≤ %g %s", most, unit), value <= most})
}

// note keeps a figure that nothing is asked of.
func (r *report) note(measure, ours string) {
	r.keep(figure{measure: measure, ours: ours, floor: "–", ratio: "–", target: "–"})
}

// machine describes where the run takes place.
func (r *report) machine(ctx context.Context) {
	r.about = append(r.about, fmt.Sprintf("%s, %d processors, %s of memory, %s", processor(), runtime.NumCPU(), memory(), runtime.Version()))
	for _, program := range [][]string{{"postgres", "--version"}, {"uname", "-sr"}} {
		out, err := exec.CommandContext(ctx, program[0], program[1:]...).Output() //nolint:gosec // fixed programs
		if err == nil {
			r.about = append(r.about, strings.TrimSpace(string(out)))
		}
	}
}

func processor() string { return fieldOf("/proc/cpuinfo", "model name") }

func memory() string { return fieldOf("/proc/meminfo", "MemTotal") }

// fieldOf reads the first "name: value" line of a file of the kernel's.
func fieldOf(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown " + name
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown " + name
}

// print writes the report as a table that Markdown and people can read.
func (r *report) print(w io.Writer) error {
	for _, line := range r.about {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprintln(table, "| measure\t| Docket\t| floor\t| ratio\t| must reach\t| reached\t|")
	fmt.Fprintln(table, "| ---\t| ---\t| ---\t| ---\t| ---\t| ---\t|")
	for _, f := range r.figures {
		reached := "no"
		switch {
		case f.target == "–":
			reached = "–"
		case f.reached:
			reached = "yes"
		}
		fmt.Fprintf(table, "| %s\t| %s\t| %s\t| %s\t| %s\t| %s\t|\n", f.measure, f.ours, f.floor, f.ratio, f.target, reached)
	}
	return table.Flush()
}

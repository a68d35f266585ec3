package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/mattn/go-isatty"
)

// stage narrates steps with their durations, and shows a bar for those that are long.
type stage struct {
	out   *narrator
	clock clockwork.Clock
	count int
}

// step does one thing and says how long it took and what came of it.
func (s *stage) step(ctx context.Context, what string, do func(context.Context) (note string, err error)) error {
	s.count++
	begun := s.clock.Now()
	note, err := do(ctx)
	if err != nil {
		s.out.say("%2d. %-58s failed after %s", s.count, what, spent(s.clock.Since(begun)))
		return fmt.Errorf("%s: %w", what, err)
	}
	s.out.say("%2d. %-58s %8s", s.count, what, spent(s.clock.Since(begun)))
	if note != "" {
		s.out.say("      %s", strings.ReplaceAll(note, "\n", "\n      "))
	}
	return nil
}

// barWidth is how many cells a progress bar has.
const barWidth = 30

// progress draws a bar in place on a terminal; elsewhere a line would be noise, and the step's own line is enough.
func (s *stage) progress(what string, done, total int64) {
	if !isatty.IsTerminal(os.Stdout.Fd()) || total == 0 {
		return
	}
	filled := int(min(done, total) * barWidth / total)
	end := "\r"
	if done >= total {
		end = "\r\033[K"
	}
	s.out.raw(fmt.Sprintf("\r      %-16s %s%s %d of %d rows%s", what, strings.Repeat("█", filled), strings.Repeat("░", barWidth-filled), done, total, end))
}

// until asks again and again until ask is satisfied or a minute is over.
func (s *stage) until(ctx context.Context, what string, ask func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		done, err := ask(ctx)
		if err != nil || done {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		case <-s.clock.After(100 * time.Millisecond):
		}
	}
}

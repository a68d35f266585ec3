package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// A digest is sent from digestHour on, where the tenant is, and not after noon: a worker that was away all morning sends none.
const (
	digestHour  = 7
	digestUntil = 12
	digestSoon  = 3 * day
	digestLines = 10
)

// SendDigests tells each member of staff who wants to know what is overdue, due soon and to do, once each working morning. It
// says whether the day is done with.
func (d *Desk) SendDigests(ctx context.Context, id uuid.UUID) (done bool, err error) {
	tenant, err := d.db.Tenant(ctx, id)
	if err != nil {
		return false, err
	}
	local := d.clock.Now().In(tenant.Zone)
	calendar, err := privacy.CalendarByID(tenant.Calendar)
	if err != nil {
		return false, fmt.Errorf("the tenant's calendar: %w", err)
	}
	today := privacy.DateIn(local, tenant.Zone)
	if local.Hour() < digestHour {
		return false, nil
	}
	if local.Hour() >= digestUntil || !calendar.IsWorkingDay(today) {
		return true, nil
	}
	err = d.db.Change(ctx, id, System("digest"), func(ctx context.Context, tx *storage.Tx) error {
		staff, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		for _, member := range staff {
			if !member.Active || !member.Digest || member.Account == nil {
				continue
			}
			if err := d.digest(ctx, tx, member, today); err != nil {
				return err
			}
		}
		return nil
	})
	return err == nil, err
}

// digest writes to one member of staff, unless nothing is owed by them.
func (d *Desk) digest(ctx context.Context, tx *storage.Tx, member storage.Staff, today privacy.Date) error {
	var filters []storage.BoardFilter
	switch member.Role {
	case "agent", "lead":
		filters = []storage.BoardFilter{{Assignee: &member.ID}, {Nobody: true}}
	case "dpo", "admin":
		filters = []storage.BoardFilter{{}}
	default:
		return nil // who only reads owes nothing
	}
	letter := &notify.Digest{Tenant: tx.Tenant().Name, Link: d.links.Public + "/console/", Zone: tx.Tenant().Zone}
	soon := tx.Now().Add(digestSoon)
	overdue := 0
	for _, filter := range filters {
		filter.DueBefore, filter.Limit = &soon, 200
		lines, err := tx.Board(ctx, filter)
		if err != nil {
			return err
		}
		for _, line := range lines {
			overdue += letterLine(letter, line, tx.Now())
		}
	}
	tasks, err := tx.OpenTasks(ctx, storage.TaskFilter{Role: tasksOf(member.Role), Limit: 200})
	if err != nil {
		return err
	}
	for _, task := range tasks {
		if task.ClaimedBy == nil || *task.ClaimedBy == member.ID.String() {
			letter.Tasks++
		}
	}
	if len(letter.Overdue)+len(letter.Soon)+letter.Tasks == 0 {
		return nil
	}
	letter.Headline = headline(overdue, len(letter.Overdue)+len(letter.Soon)+letter.More-overdue, letter.Tasks)
	return d.tellOnce(ctx, tx, member, fmt.Sprintf("digest/%s/%s", today, member.ID), letter)
}

// letterLine adds what is owed to the letter and says whether it is overdue, as 1 or 0. What is paused waits for the person.
func letterLine(letter *notify.Digest, line storage.BoardLine, now time.Time) int {
	if line.State == storage.ObligationPaused {
		return 0
	}
	late := 0
	if line.Due.Before(now) {
		late = 1
	}
	text := line.Reference + ": " + ObligationWords(privacy.ObligationKind(line.Kind)) + ", " + notify.Left(line.Due, now)
	switch {
	case len(letter.Overdue)+len(letter.Soon) >= digestLines:
		letter.More++
	case late == 1:
		letter.Overdue = append(letter.Overdue, text)
	default:
		letter.Soon = append(letter.Soon, text)
	}
	return late
}

func headline(overdue, soon, tasks int) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{overdue, "overdue"}, {soon, "due soon"}, {tasks, "to do"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// tellOnce puts a letter to a member of staff into the outbox; the same key writes once.
func (d *Desk) tellOnce(ctx context.Context, tx *storage.Tx, member storage.Staff, key string, letter notify.Letter) error {
	_, err := queueLetter(ctx, tx, storage.NewMessage{Key: key}, notify.Receiver{Name: member.Name, Address: member.Email}, notify.English, letter)
	return err
}

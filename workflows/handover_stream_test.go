package workflows_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// read is a page of the feed behind a place.
func (s *sender) read(receiver uuid.UUID, after *storage.StreamPlace, most int32) (page casework.ChangePage) {
	s.t.Helper()
	s.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		page, err = s.Desk.ReadChanges(ctx, tx, receiver, after, most)
		return err
	})
	return page
}

// confirm confirms up to a place, and says how many that were.
func (s *sender) confirm(receiver uuid.UUID, to storage.StreamPlace) (taken int) {
	s.t.Helper()
	s.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		taken, _, err = s.Desk.ConfirmChanges(ctx, tx, receiver, to)
		return err
	})
	return taken
}

// 3,000 withdrawals by 50 writers side by side, half of them by one click, whose transactions end in any order, while a receiver reads: it misses none, and gets none twice.
func TestNoWithdrawalIsMissed(t *testing.T) {
	t.Parallel()
	const writers, each = 50, 60
	s := newSender(t, "CA", "America/Toronto")
	id, _ := s.added(casework.NewReceiver{Kind: "pull"})
	s.clicked("first@person.example") // it makes the key of links
	s.counted(id)
	before := s.read(id, nil, 10)
	require.Len(t, before.Changes, 1)
	group, ctx := errgroup.WithContext(t.Context())
	for w := range writers {
		group.Go(func() error { return s.leave(ctx, w, each) })
	}
	ended := make(chan error, 1)
	go func() { ended <- group.Wait() }()
	got, after := map[uuid.UUID]int{}, before.Behind
	taken, over := 0, false
	for {
		s.counted(id)
		page := s.read(id, &after, 137)
		for _, c := range page.Changes {
			got[c.ID]++
		}
		after = page.Behind
		taken += s.confirm(id, page.Behind)
		if len(page.Changes) > 0 {
			continue
		}
		if over {
			break
		}
		select {
		case err := <-ended:
			require.NoError(t, err)
			over = true
		default:
		}
	}
	require.Len(t, got, writers*each)
	for line, n := range got {
		require.Equal(t, 1, n, line)
	}
	require.Equal(t, writers*each+1, taken)
	days := s.handovers(id)
	require.Len(t, days, 1)
	require.Equal(t, []int{writers*each + 1, writers*each + 1}, []int{days[0].Withdrawals, days[0].Confirmed})
}

// leave has people leave one after the other, with every other writer by one click.
func (s *sender) leave(ctx context.Context, writer, people int) error {
	if writer%2 == 0 {
		return s.clickAway(ctx, writer, people)
	}
	for i := range people {
		n := casework.NewConsent{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: fmt.Sprintf("w%d-p%d@person.example", writer, i)},
			Purpose: "offers", Channel: privacy.ByEmail, Kind: consent.Withdrawn, How: "api",
		}
		err := s.DB.Change(ctx, s.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.Desk.RecordConsents(ctx, tx, []casework.NewConsent{n})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sender) clickAway(ctx context.Context, writer, people int) error {
	addresses := make([]string, people)
	for i := range people {
		addresses[i] = fmt.Sprintf("w%d-p%d@person.example", writer, i)
	}
	var links []casework.PersonLinks
	err := s.DB.Change(ctx, s.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) (err error) {
		links, err = s.Desk.MakeLinks(ctx, tx, casework.NewLinks{Purpose: "offers", Channel: privacy.ByEmail}, addresses)
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range links {
		_, token, _ := strings.Cut(l.Unsubscribe, "/u/")
		link, err := s.Desk.OpenLink(ctx, token, consent.LinkUnsubscribe)
		if err != nil {
			return err
		}
		if err := s.Desk.EndAtOnce(ctx, link); err != nil {
			return err
		}
	}
	return nil
}

// unsure is a receiver that takes some pages, and of some says that it has not although it has.
type unsure struct {
	answer func() error
	got    map[uuid.UUID]int
}

func (u *unsure) Tell(_ context.Context, _ *storage.ConsentReceiver, _ uuid.UUID, changes []casework.ConsentChange) error {
	for _, c := range changes {
		u.got[c.ID]++
	}
	return u.answer()
}

// Whatever happens in whatever order, to systems that are told and to those that ask: every withdrawal, and whatever else stops
// messages, is delivered at least once, and confirmed in exactly one batch of one day.
func TestEveryWithdrawalIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	world := 0
	rapid.Check(t, func(rt *rapid.T) {
		world++
		told, _ := s.added(casework.NewReceiver{Kind: "http", URL: "http://127.0.0.1:1", Purposes: []string{"offers"}})
		asks, _ := s.added(casework.NewReceiver{Kind: "pull", Purposes: []string{"offers"}})
		fails := func() error {
			if rapid.Bool().Draw(rt, "fails") {
				return context.DeadlineExceeded
			}
			return nil
		}
		u, read := &unsure{answer: fails, got: map[uuid.UUID]int{}}, map[uuid.UUID]int{}
		want, known := 0, map[string]bool{} // by address of the ledger: whether the receivers hear that it is suppressed
		step := func() {
			switch rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0, 1:
				want += s.someLeave(rt, world, known)
			case 6:
				want += s.someStopped(rt, world, known)
			case 2:
				s.clock.Advance(time.Duration(rapid.IntRange(1, 30).Draw(rt, "hours")) * time.Hour)
			case 3:
				s.counted(told)
				s.counted(asks)
			case 4:
				_, err := s.Desk.TellReceiver(t.Context(), s.Tenant, told, u)
				require.NoError(rt, err)
			case 5:
				page := s.read(asks, nil, int32(rapid.IntRange(1, 5).Draw(rt, "most")))
				for _, c := range page.Changes {
					read[c.ID]++
				}
				if rapid.Bool().Draw(rt, "confirms") {
					s.confirm(asks, page.Behind)
				}
			}
		}
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			step()
		}
		u.answer = func() error { return nil }
		s.finish(told, asks, u, read)
		for _, one := range []uuid.UUID{told, asks} {
			require.Equal(rt, want, s.confirmedInLog(one), "by the log, over all batches")
			sum := 0
			for _, h := range s.handovers(one) {
				require.Equal(rt, h.Withdrawals, h.Confirmed)
				sum += h.Withdrawals
			}
			require.Equal(rt, want, sum)
		}
		require.Len(rt, u.got, want)
		require.Len(rt, read, want)
	})
}

// someLeave has some people leave, in one transaction, and says how many of them concern the receivers.
func (s *sender) someLeave(rt *rapid.T, world int, known map[string]bool) (concern int) {
	var news []casework.NewConsent
	for i := range rapid.IntRange(1, 6).Draw(rt, "people") {
		purpose := rapid.SampledFrom([]string{"offers", "events", "*"}).Draw(rt, "purpose")
		if purpose != "events" {
			concern++
		}
		address := fmt.Sprintf("w%d-p%d@person.example", world, i)
		if _, there := known[address]; !there {
			known[address] = false
		}
		news = append(news, casework.NewConsent{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: address},
			Purpose: purpose, Channel: privacy.ByEmail, Kind: consent.Withdrawn, How: "api",
		})
	}
	s.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Desk.RecordConsents(ctx, tx, news)
		return err
	})
	return concern
}

// someStopped suppresses some people by a list, and says how many of them the receivers hear of: those whose address is known, once.
func (s *sender) someStopped(rt *rapid.T, world int, known map[string]bool) (concern int) {
	var list []string
	for range rapid.IntRange(1, 4).Draw(rt, "listed") {
		address := fmt.Sprintf("w%d-p%d@person.example", world, rapid.IntRange(0, 7).Draw(rt, "who"))
		list = append(list, address)
		if heard, there := known[address]; there && !heard {
			concern++
			known[address] = true
		}
	}
	s.suppressed(list...)
	return concern
}

// finish has both receivers come to the end.
func (s *sender) finish(told, asks uuid.UUID, u *unsure, read map[uuid.UUID]int) {
	s.t.Helper()
	s.clock.Advance(2 * time.Hour)
	s.counted(told)
	s.counted(asks)
	for more := true; more; {
		var err error
		more, err = s.Desk.TellReceiver(s.t.Context(), s.Tenant, told, u)
		require.NoError(s.t, err)
	}
	for {
		page := s.read(asks, nil, 100)
		for _, c := range page.Changes {
			read[c.ID]++
		}
		s.confirm(asks, page.Behind)
		if len(page.Changes) == 0 {
			return
		}
	}
}

// confirmedInLog is how many withdrawals a receiver has confirmed, by the log.
func (s *sender) confirmedInLog(receiver uuid.UUID) (sum int) {
	s.t.Helper()
	for _, h := range s.handovers(receiver) {
		for _, e := range s.logged(audit.ConsentHandoverConfirmed, h.ID) {
			n, err := strconv.Atoi(e.Facts[audit.FactCount])
			require.NoError(s.t, err)
			sum += n
		}
	}
	return sum
}

// A withdrawal whose transaction began first and ends last is heard of by a receiver that has confirmed all that came meanwhile.
func TestLateCommitIsNotMissed(t *testing.T) {
	t.Parallel()
	s := newSender(t, "CA", "America/Toronto")
	id, _ := s.added(casework.NewReceiver{Kind: "pull"})
	written, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- s.DB.Change(t.Context(), s.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.Desk.RecordConsents(ctx, tx, []casework.NewConsent{{
				Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: "slow@person.example"}, Purpose: "offers", Channel: privacy.ByEmail, Kind: consent.Withdrawn, How: "api",
			}})
			close(written)
			<-goOn
			return err
		})
	}()
	<-written
	s.clock.Advance(time.Hour)
	s.said("quick@person.example", "offers", consent.Withdrawn)
	s.counted(id)
	page := s.read(id, nil, 10)
	require.Equal(t, []heard{{"quick@person.example", "offers", "withdrawn", "withdrawn"}}, short(page.Changes))
	require.Equal(t, 1, s.confirm(id, page.Behind))
	close(goOn)
	require.NoError(t, <-ended)
	s.counted(id)
	late := s.read(id, &page.Behind, 10)
	require.Equal(t, []heard{{"slow@person.example", "offers", "withdrawn", "withdrawn"}}, short(late.Changes))
	require.Equal(t, 1, s.confirm(id, late.Behind))
	require.Equal(t, 2, s.confirmedInLog(id))
}

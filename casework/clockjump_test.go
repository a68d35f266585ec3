package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// jump is how far the clock of a machine is wrong in these tests, for a while. It is the clock that every transaction takes
// its time from. The system's own can't be moved for one process, and timers are Temporal's.
const jump = 40 * day

// A clock that is ahead for a while has a milestone told early, once: when it is right again nothing is told a second time,
// and no date has moved.
func TestClockThatJumpsEscalatesOnce(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	before := f.owed()[privacy.Respond]
	due := contract.Milestone{Ref: f.ref, Obligation: before.ID, Milestone: privacy.Milestone{Kind: privacy.MilestoneDue, At: before.Due}}
	f.Clock.Advance(jump)
	_, err := f.desk.Reach(t.Context(), due)
	require.NoError(t, err)
	told := f.kinds()
	f.Clock.Advance(-jump)
	for range 2 {
		_, err := f.desk.Reach(t.Context(), due)
		require.NoError(t, err)
	}
	f.Clock.Advance(jump)
	_, err = f.desk.Reach(t.Context(), due)
	require.NoError(t, err)
	require.Equal(t, told, f.kinds(), "nobody is told twice")
	after := f.owed()[privacy.Respond]
	require.Equal(t, before.Due, after.Due)
	require.Equal(t, before.EarliestSafe, after.EarliestSafe)
}

// A code that a clock ahead of its time has refused stays refused, and one that such a clock has made does not live on for
// weeks, nor keep another from being asked for.
func TestClockThatJumpsBringsNoCodeBack(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	code := f.code(notify.KindOneTimeCode)
	f.Clock.Advance(jump)
	_, err := f.desk.AnswerIdentityCode(t.Context(), f.ref, code)
	require.ErrorIs(t, err, casework.ErrCodeDead)
	f.Clock.Advance(-jump)
	_, err = f.desk.AnswerIdentityCode(t.Context(), f.ref, code)
	require.ErrorIs(t, err, casework.ErrCodeDead, "it was refused before")

	f.Clock.Advance(jump)
	require.NoError(t, f.desk.SendCode(t.Context(), f.ref, storagetest.Actor(), storage.CodeForIdentity))
	early := f.code(notify.KindOneTimeCode)
	f.Clock.Advance(-jump + time.Hour)
	_, err = f.desk.AnswerIdentityCode(t.Context(), f.ref, early)
	require.ErrorIs(t, err, casework.ErrCodeDead, "its ten minutes would be weeks")
	require.NoError(t, f.desk.SendCode(t.Context(), f.ref, storagetest.Actor(), storage.CodeForIdentity))
	// By their dates the letters are out of order now; the newest code is the one that was neither before.
	for _, l := range f.letters() {
		if fresh := codeLine.FindString(l.Rendered.Text); fresh != "" && fresh != code && fresh != early {
			require.NoError(t, f.answer(fresh))
		}
	}
	require.Equal(t, "proven", f.row().Identity)
}

// A link whose package was destroyed by a clock ahead of its time does not come back with the time.
func TestClockThatJumpsBringsNoLinkBack(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClosed)
	token := f.token(notify.KindPackageReady)
	view, err := f.desk.View(t.Context(), f.ref)
	require.NoError(t, err)
	f.Clock.Advance(jump)
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead)
	require.NoError(t, f.desk.Destroyed(t.Context(), *view.Package))
	f.Clock.Advance(-jump)
	_, err = f.desk.DownloadCase(t.Context(), f.tenant, token)
	require.ErrorIs(t, err, casework.ErrLinkDead)
}

// A letter that was written, or taken for sending, while the clock was ahead is sent when the clock is right again, and
// does not wait for the time that the clock had shown.
func TestClockThatJumpsHoldsNoLetterBack(t *testing.T) {
	t.Parallel()
	f := newBundle(t)
	f.Clock.Advance(jump)
	f.at(privacy.RequestVerifying)
	claimed, err := f.desk.ClaimMail(t.Context(), f.tenant, 10) // by a sender that dies
	require.NoError(t, err)
	require.Len(t, claimed, 2)
	f.Clock.Advance(-jump)
	tenants, err := f.DB.TenantsWithMail(t.Context())
	require.NoError(t, err)
	require.Contains(t, tenants, f.tenant)
	all, err := f.desk.ClaimMail(t.Context(), f.tenant, 10)
	require.NoError(t, err)
	require.Len(t, all, 2)
	again, err := f.desk.ClaimMail(t.Context(), f.tenant, 10)
	require.NoError(t, err)
	require.Empty(t, again, "they are being sent")
}

package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return zone
}

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 9, 30, 0, 0, time.UTC) }

func frame(zone *time.Location) notify.Frame {
	return notify.Frame{
		Controller: notify.Controller{
			Name: "Nordlicht Handel GmbH", DPO: "Jana Petersen", Contact: "datenschutz@nordlicht.example",
			Address: "Hafenstraße 12, 20457 Hamburg", Zone: zone,
		},
		Name: "Łucja O'Neill & Söhne", Reference: "DSR-2026-0042", Right: "access", Regime: "gdpr",
	}
}

func remedy() notify.Remedy {
	return notify.Remedy{
		Authority:    "Der Hamburgische Beauftragte für Datenschutz und Informationsfreiheit",
		AuthorityURL: "https://datenschutz-hamburg.example/beschwerde",
	}
}

// letters gives one complete letter of every kind.
func letters(t *testing.T) map[notify.Kind]notify.Letter {
	t.Helper()
	f, r := frame(berlin(t)), remedy()
	status, link := "https://privacy.nordlicht.example/r/DSR-2026-0042", "https://privacy.nordlicht.example/d/2cX9fQ7LkT0uVmB4"
	out := map[notify.Kind]notify.Letter{}
	for _, l := range []notify.Letter{
		&notify.Acknowledgement{Frame: f, Received: day(2, 3), AnswerBy: day(3, 3), StatusLink: status, Verify: true},
		&notify.OneTimeCode{Frame: f, Code: "482 913", Minutes: 10, Link: "https://privacy.example/halden-birk/status/abc"},
		&notify.IdentityReminder{Frame: f, Link: status, CloseOn: day(2, 17)},
		&notify.IdentityClosed{Frame: f, Received: day(2, 3), Remedy: r},
		&notify.Clarification{Frame: f, Question: "Which orders do you mean?\nThose in the shop, or those by phone?", Systems: []string{"Shop", "CRM"}, PeriodAsked: true, Link: status, AnswerBy: day(3, 3)},
		&notify.Extension{Frame: f, OldDate: day(3, 3), NewDate: day(5, 4), Reasons: []notify.ExtensionReason{notify.Complexity, notify.NumberOfRequests}, Remedy: r},
		&notify.Refusal{Frame: f, Received: day(2, 3), Reason: privacy.ManifestlyExcessive, Explanation: "You made the same request on 20 January.", Remedy: r},
		&notify.Withdrawn{Frame: f, On: day(2, 10)},
		&notify.Cancelled{Frame: f, On: day(2, 10), Remedy: r},
		&notify.PackageReady{Frame: f, Link: link, Expires: day(3, 1)},
		&notify.DownloadCode{Frame: f, Code: "170 558", Minutes: 10},
		&notify.PackageResent{Frame: f, Link: link, Expires: day(3, 1)},
		&notify.PackageExpired{Frame: f, On: day(3, 1), Downloaded: true},
		&notify.Reopened{Frame: f, On: day(3, 20), AnswerBy: day(4, 1), StatusLink: status},
		&notify.DuplicateLinked{Frame: f, Open: "DSR-2026-0039", AnswerBy: day(3, 3), StatusLink: status},
	} {
		out[l.Kind()] = l
	}
	for kind, l := range notices(t) {
		out[kind] = l
	}
	return out
}

func notices(t *testing.T) map[notify.Kind]notify.Letter {
	t.Helper()
	n := notify.Notice{
		Tenant: "Nordlicht Handel GmbH", Reference: "DSR-2026-0042", Right: "access", Regime: "GDPR",
		Link: "https://docket.nordlicht.example/cases/DSR-2026-0042", Zone: berlin(t), AckToken: "b3f1",
	}
	owed, cite, due, now := "Answer the person", "Art. 12(3) GDPR", day(3, 3), day(2, 28)
	out := map[notify.Kind]notify.Letter{}
	access := notify.Access{Tenant: n.Tenant, Link: "https://docket.nordlicht.example/console/invitation#2cX9fQ7LkT0uVmB4", Expires: due, Zone: n.Zone}
	for _, l := range []notify.Letter{
		&notify.Invitation{Access: access}, &notify.Reset{Access: access},
		&notify.TaskCreated{Notice: n, Task: "Review the collected data", Due: due},
		&notify.TaskReminder{Notice: n, Task: "Review the collected data", Due: due, Now: now},
		&notify.DueSoon{Notice: n, Obligation: owed, Due: due, Now: now, Citation: cite},
		&notify.Overdue{Notice: n, Obligation: owed, Due: due, Now: day(3, 5), Citation: cite},
		&notify.Escalation{Notice: n, Obligation: owed, Due: due, Now: now, Citation: cite, Step: 2, Role: "data protection officer", Before: "team lead"},
		&notify.Acknowledged{Notice: n, Obligation: owed, By: "M. Okafor", At: now},
		&notify.MessageFailed{Notice: n, Letter: notify.KindExtension, Channel: notify.ChannelEmail, Code: "550 5.1.1", At: now},
		&notify.CollectionFailed{Notice: n, System: "shop", Problem: "connection refused", At: now},
	} {
		out[l.Kind()] = l
	}
	return out
}

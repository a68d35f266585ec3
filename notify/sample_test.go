package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
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

// sample is what the golden letters are made of.
func sample(t *testing.T) notify.Sample {
	t.Helper()
	return notify.Sample{
		Frame: frame(berlin(t)), Remedy: remedy(), Law: "GDPR", Status: "https://privacy.nordlicht.example/r/DSR-2026-0042",
		Download: "https://privacy.nordlicht.example/d/2cX9fQ7LkT0uVmB4", Console: "https://docket.nordlicht.example/cases/DSR-2026-0042", AckToken: "b3f1",
		Access: "https://docket.nordlicht.example/console/invitation#2cX9fQ7LkT0uVmB4",
	}
}

// letters gives one complete letter of every kind.
func letters(t *testing.T) map[notify.Kind]notify.Letter {
	t.Helper()
	return sample(t).Letters()
}

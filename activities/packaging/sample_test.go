package packaging_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// rowsOf gives each row a part of its own, behind one without any.
func rowsOf(rows ...packaging.Row) []packaging.Part {
	parts := []packaging.Part{partOf()}
	for i := range rows {
		parts = append(parts, partOf(rows[i]))
	}
	return parts
}

func partOf(rows ...packaging.Row) packaging.Part {
	return packaging.Part{Rows: func(yield func(packaging.Row) error) error {
		for _, r := range rows {
			if err := yield(r); err != nil {
				return err
			}
		}
		return nil
	}}
}

func text(en, de, fr, es string) dataset.Text {
	return dataset.Text{"en": en, "de": de, "fr": fr, "es": es}
}

func shop() packaging.System {
	return packaging.System{
		Key: "shop",
		Declaration: dataset.Declaration{
			System: "shop", Name: text("Online shop", "Onlineshop", "Boutique en ligne", "Tienda en línea"),
			Purposes: []dataset.Purpose{
				{
					Description: text("To deliver what you order", "Um zu liefern, was Sie bestellen", "Pour livrer ce que vous commandez", "Para entregar lo que pide"),
					Basis:       dataset.Contract, Categories: []string{"user.name", "user.contact.address.street", "user.contact.email"},
				},
				{
					Description: text("To stop fraud", "Um Betrug zu verhindern", "Pour empêcher la fraude", "Para evitar fraudes"),
					Basis:       dataset.LegitimateInterests, Interest: text("a safe shop", "ein sicherer Shop", "une boutique sûre", "una tienda segura"),
					Categories: []string{"user.device.ip_address", "user.payment"},
				},
			},
			Recipients: []dataset.Recipient{
				{Name: "Paketdienst Nord", Role: "processor", Purpose: text("delivery", "Lieferung", "livraison", "entrega"), Country: "DE", Categories: []string{"user.name", "user.contact.address"}},
				{
					Name: "Mailer Inc.", Role: "processor", Purpose: text("e-mail", "E-Mail", "e-mail", "correo"), Country: "US", Categories: []string{"user.contact.email"},
					Safeguard: "scc", SafeguardText: text("Ask us for a copy", "Eine Kopie erhalten Sie bei uns", "Demandez-nous une copie", "Pídanos una copia"),
				},
			},
			Retention: []dataset.Retention{
				{Categories: []string{"user.payment"}, Period: "P10Y", Criteria: text("from the end of the year of the order", "ab dem Ende des Jahres der Bestellung", "à partir de la fin de l’année de la commande", "desde el final del año del pedido")},
				{Categories: []string{"user.device.ip_address"}, Period: "P1M"},
			},
			Source: dataset.Source{FromSubject: true},
			Decisions: []dataset.Decision{{
				Name:         text("Payment on account", "Kauf auf Rechnung", "Paiement sur facture", "Pago con factura"),
				Logic:        text("Orders in the last year are counted.", "Die Bestellungen des letzten Jahres werden gezählt.", "Les commandes de la dernière année sont comptées.", "Se cuentan los pedidos del último año."),
				Significance: text("You may have to pay first.", "Sie müssen vielleicht zuerst bezahlen.", "Vous devrez peut-être payer d’abord.", "Quizá tenga que pagar antes."),
			}},
		},
		Collections: []packaging.Collection{
			{
				Name: "orders", Description: "What was ordered and when",
				Columns: []packaging.Column{{Name: "id"}, {Name: "total"}, {Name: "note", Categories: []string{"user.content.private"}}, {Name: "agent"}, {Name: "placed_at"}},
				Parts: rowsOf(
					packaging.Row{connectors.Int(1), connectors.Decimal("19.90"), connectors.Text("=HYPERLINK(\"http://x\")"), connectors.Text("K. Ito"), connectors.LocalTime("2026-01-05T10:00:00Z")},
					packaging.Row{connectors.Int(2), connectors.Decimal("-5"), connectors.Null(), connectors.Text("K. Ito"), connectors.LocalTime("2026-01-07T10:00:00Z")},
					packaging.Row{connectors.Int(3), connectors.Decimal("1234567890123456789.123"), connectors.Text("Grüße, \"Ann\"\nund mehr"), connectors.Null(), connectors.Null()},
				),
			},
			{Name: "baskets", Columns: []packaging.Column{{Name: "id"}}, Parts: rowsOf()},
		},
	}
}

func crm() packaging.System {
	return packaging.System{
		Key: "crm", Title: "CRM",
		Collections: []packaging.Collection{{
			Name:    "people",
			Columns: []packaging.Column{{Name: "email", Categories: []string{"user.contact.email"}}, {Name: "photo"}, {Name: "tags"}, {Name: "extra"}},
			Parts: rowsOf(packaging.Row{
				connectors.Text("ann@secret.example"), connectors.Oversize(9_000_000, "iVBORw0KGgo"),
				connectors.List([]packaging.Value{connectors.Text("vip"), connectors.Int(7)}), connectors.JSON(`{"a": [1, null]}`),
			}),
		}},
	}
}

func contents(language string) packaging.Contents {
	zone := time.FixedZone("CET", 3600)
	return packaging.Contents{
		Cover: packaging.Cover{
			Language: language, Reference: "DSR-2026-0042", Right: "access", Regime: "gdpr",
			Received: time.Date(2026, 2, 3, 9, 30, 0, 0, time.UTC), Built: time.Date(2026, 2, 20, 23, 30, 0, 0, time.UTC), Zone: zone,
			Controller: packaging.Controller{
				Name: "Nordlicht Handel GmbH", Address: "Hafenstraße 12, 20457 Hamburg", Contact: "kontakt@nordlicht.example",
				DPO: "Jana Petersen", DPOContact: "datenschutz@nordlicht.example",
			},
			Authority: packaging.Authority{Name: "Der Hamburgische Beauftragte für Datenschutz", URL: "https://datenschutz-hamburg.example/"},
			Question:  "All data about my orders, please.\nAnd who <b>saw</b> them.",
			Statements: []packaging.Statement{
				{Text: "I was born in 1981,\nnot in <i>1980</i>.", At: time.Date(2026, 1, 5, 9, 30, 0, 0, time.UTC)},
			},
		},
		Systems: []packaging.System{shop(), crm()},
		Redactions: []packaging.Redaction{
			{System: "shop", Collection: "orders", Field: "agent", Ground: packaging.AnothersRights, Note: "Names of our staff"},
			{System: "shop", Collection: "orders", KeyField: "id", KeyValue: "2", Ground: packaging.TradeSecret},
		},
	}
}

// pack writes a package and opens it.
func pack(t *testing.T, c packaging.Contents) (packaging.Manifest, []byte, map[string]string) {
	t.Helper()
	var out bytes.Buffer
	m, err := packaging.Write(t.Context(), &out, c)
	require.NoError(t, err)
	return m, out.Bytes(), unzip(t, out.Bytes())
}

func unzip(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		files[f.Name] = string(body)
	}
	return files
}

func parse(t *testing.T, s string) []map[string]any {
	t.Helper()
	var rows []map[string]any
	d := json.NewDecoder(bytes.NewReader([]byte(s)))
	d.UseNumber()
	require.NoError(t, d.Decode(&rows))
	return rows
}

package policies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

// samples are texts that a pattern must find, and texts that look like them and it must not find.
type samples struct{ finds, leaves []string }

func subjectSamples() map[string]samples {
	return map[string]samples{
		"reply-en":          {[]string{"Re: tulips", "RE[2]: tulips", "re : tulips"}, []string{"Reduced: tulips", "Where: tulips", "Tulips re: garden"}},
		"reply-de":          {[]string{"AW: Tulpen", "Antw: Tulpen"}, []string{"Antwort: ja", "Law: tulips"}},
		"reply-fr":          {[]string{"RÉ: tulipes", "Rép : tulipes"}, []string{"Réponse: oui"}},
		"reply-es":          {[]string{"R: tulipanes"}, []string{"R:evolution", "Bar: 1"}},
		"forward-en":        {[]string{"Fwd: tulips", "FW: tulips"}, []string{"Forward: march"}},
		"forward-de":        {[]string{"WG: Tulpen"}, []string{"WG-Zimmer: frei"}},
		"forward-fr":        {[]string{"TR: tulipes", "Transf: tulipes"}, []string{"Transformation: 3 idées"}},
		"forward-es":        {[]string{"RV: tulipanes", "Reenv: tulipanes"}, []string{"RVs: 3 new ones"}},
		"account-en":        {[]string{"Your account will be closed", "Your access has been suspended"}, []string{"Open an account", "The shop is closed on your birthday"}},
		"account-act-en":    {[]string{"Verify your account", "Suspicious sign-in", "Unusual activity"}, []string{"Confirm your seat for the concert"}},
		"account-urgent-en": {[]string{"Final notice", "Immediate action required"}, []string{"Final days of the sale"}},
		"account-de":        {[]string{"Ihr Konto wird gesperrt", "Dein Zugang wurde gelöscht"}, []string{"Ihr Konto ist eröffnet"}},
		"account-act-de":    {[]string{"Konto jetzt bestätigen", "Ungewöhnliche Anmeldung"}, []string{"Termin bestätigen"}},
		"account-urgent-de": {[]string{"Letzte Mahnung", "Sofortiges Handeln erforderlich"}, []string{"Letzte Tage"}},
		"account-fr":        {[]string{"Votre compte sera suspendu", "Votre accès est bloqué"}, []string{"Votre compte est crédité"}},
		"account-act-fr":    {[]string{"Vérifiez votre compte", "Connexion inhabituelle", "Dernier avertissement"}, []string{"Vérifiez nos prix"}},
		"account-es":        {[]string{"Su cuenta ha sido bloqueada", "Tu acceso será suspendido: cuenta", "Tu cuenta está limitada"}, []string{"Tu cuenta tiene puntos"}},
		"account-act-es":    {[]string{"Verifica tu cuenta", "Actividad inusual", "Último aviso"}, []string{"Confirma tu asistencia"}},
		"money-en":          {[]string{"Your invoice for May", "Overdue payment", "Invoice 1017", "Payment failed"}, []string{"Pay less for tulips", "Our receipt for a good spring"}},
		"money-de":          {[]string{"Ihre Rechnung", "Offene Zahlung", "Mahnung", "Zahlung fehlgeschlagen"}, []string{"Rechnen Sie mit Tulpen"}},
		"money-fr":          {[]string{"Votre facture", "Facture n° 4", "Paiement refusé"}, []string{"Sans facture cachée"}},
		"money-es":          {[]string{"Su factura de mayo", "Factura pendiente", "Pago rechazado"}, []string{"Sin pago inicial"}},
		"sender-en":         {[]string{"A message from your bank", "Your parcel is waiting", "Missed call", "You have a new voicemail"}, []string{"A message from Example Garden", "Send a parcel for less"}},
		"sender-de":         {[]string{"Nachricht von Ihrer Bank", "Ihr Paket konnte nicht zugestellt werden", "Verpasster Anruf"}, []string{"Nachricht von Example Garden", "Eine Bank für den Garten"}},
		"sender-fr":         {[]string{"Message de votre banque", "Votre colis est en attente", "Appel manqué"}, []string{"Message de Jardin Exemple"}},
		"sender-es":         {[]string{"Mensaje de su banco", "Tu paquete está en camino", "Llamada perdida"}, []string{"Mensaje de Jardín Ejemplo"}},
	}
}

func wordSamples() map[string]samples {
	return map[string]samples{
		"unsubscribe-en":   {[]string{"Unsubscribe", "Opt out", "Stop receiving these e-mails", "I no longer want to receive these"}, []string{"Subscribe", "Our options"}},
		"unsubscribe-de":   {[]string{"Abmelden", "Newsletter abbestellen", "Hier austragen", "Keine weiteren Nachrichten"}, []string{"Anmelden", "Bestellen"}},
		"unsubscribe-fr":   {[]string{"Se désabonner", "Désinscription", "Ne plus recevoir nos messages"}, []string{"S'abonner"}},
		"unsubscribe-es":   {[]string{"Darse de baja", "Cancelar suscripción", "No deseo recibir más"}, []string{"Suscribirse"}},
		"unsubscribe-it":   {[]string{"Disiscriviti", "Annulla l'iscrizione", "Non desidero più ricevere"}, []string{"Iscriviti"}},
		"unsubscribe-nl":   {[]string{"Uitschrijven", "Afmelden", "Schrijf u hier uit"}, []string{"Inschrijven"}},
		"unsubscribe-pt":   {[]string{"Cancelar a inscrição", "Descadastrar", "Deixar de receber"}, []string{"Inscrever-se"}},
		"unsubscribe-ko":   {[]string{"수신거부", "구독 취소"}, []string{"구독"}},
		"preferences-en":   {[]string{"Manage preferences", "Update your email preferences", "Email settings"}, []string{"Our preferred partners"}},
		"preferences-de":   {[]string{"Einstellungen verwalten", "E-Mail-Einstellungen ändern"}, []string{"Stellen ändern"}},
		"preferences-fr":   {[]string{"Gérer mes préférences"}, []string{"Nos préférences"}},
		"preferences-es":   {[]string{"Gestionar mis preferencias"}, []string{"Nuestras preferencias"}},
		"reply-en":         {[]string{"Reply STOP to this message", "Answer with unsubscribe"}, []string{"Reply to this message", "Stop by our shop"}},
		"reply-de":         {[]string{"Antworten Sie mit STOPP", "Schreiben Sie uns, um sich abzumelden: Abmeldung"}, []string{"Antworten Sie uns"}},
		"reply-fr":         {[]string{"Répondez STOP"}, []string{"Répondez-nous"}},
		"reply-es":         {[]string{"Responda BAJA a este mensaje"}, []string{"Responda a este mensaje"}},
		"privacy-en":       {[]string{"Privacy notice", "Data protection"}, []string{"Private sale"}},
		"privacy-de":       {[]string{"Datenschutz", "Datenschutzerklärung"}, []string{"Daten und Schutz"}},
		"privacy-fr":       {[]string{"Politique de confidentialité", "Protection des données", "Vie privée"}, []string{"Confiture"}},
		"privacy-es":       {[]string{"Política de privacidad", "Protección de datos"}, []string{"Privado"}},
		"privacy-it":       {[]string{"Protezione dei dati", "Informativa sulla privacy"}, []string{"Protezione"}},
		"privacy-nl":       {[]string{"Privacybeleid", "Privacyverklaring"}, []string{"Beleid"}},
		"advertisement-en": {[]string{"This is an advertisement", "Promotional email", "[AD] Tulips", "This is an offer"}, []string{"Add tulips", "Advice on tulips"}},
		"advertisement-de": {[]string{"Werbung", "Anzeige", "Werbe-E-Mail"}, []string{"Bewerbung", "Anzeigen lassen"}},
		"advertisement-fr": {[]string{"Publicité", "Message publicitaire"}, []string{"Public"}},
		"advertisement-es": {[]string{"Publicidad", "Mensaje promocional"}, []string{"Público"}},
		"advertisement-ko": {[]string{"(광고) 튤립"}, []string{"광고"}},
		"withdrawal-en":    {[]string{"You can withdraw your consent at any time", "Unsubscribe at any time"}, []string{"With your consent"}},
		"withdrawal-de":    {[]string{"Sie können die Einwilligung jederzeit widerrufen", "Jederzeit abmelden"}, []string{"Mit Ihrer Einwilligung"}},
		"withdrawal-fr":    {[]string{"Vous pouvez retirer votre consentement", "Désabonner à tout moment"}, []string{"Avec votre consentement"}},
		"withdrawal-es":    {[]string{"Puede retirar su consentimiento", "Darse de baja en cualquier momento"}, []string{"Con su consentimiento"}},
	}
}

func addressSamples() map[string]samples {
	return map[string]samples{
		"us-street":   {[]string{"12 Orchard Street, Springfield, IL 62704", "500 Terry A Francois Blvd, San Francisco, CA 94158"}, []string{"20 tulips in 12345", "only 12 left in stock"}},
		"us-box":      {[]string{"P.O. Box 17, Springfield, IL 62704"}, []string{"Box 17"}},
		"us-long":     {[]string{"12 Orchard Street, Springfield, Illinois 62704"}, []string{"12 tulips for 62704 people"}},
		"ca-postcode": {[]string{"12 Maple Avenue, Toronto, ON M5V 2T6"}, []string{"20% off until M5V"}},
		"gb-postcode": {[]string{"12 Orchard Lane, London SW1A 1AA", "Garden House, Leeds LS1 4AB"}, []string{"Save up to 20 GBP"}},
		"au-state":    {[]string{"12 Orchard St, Sydney NSW 2000"}, []string{"act 2000 times"}},
		"nz-city":     {[]string{"12 Orchard Road, Auckland 1010"}, []string{"Auckland is 12 hours away"}},
		"ie-eircode":  {[]string{"Orchard House, Dublin D02 X285"}, []string{"Save 20 EUR"}},
		"de-street":   {[]string{"Gartenweg 12, 10115 Berlin", "Hauptstr. 3a | D-20095 Hamburg"}, []string{"ab 12 Stück, 10115 verkauft"}},
		"de-box":      {[]string{"Postfach 12 34, 10115 Berlin"}, []string{"Postfach leer"}},
		"at-street":   {[]string{"Gartengasse 12, 1010 Wien", "Hauptstraße 3/4, A-8010 Graz"}, []string{"Gasse 12"}},
		"ch-street":   {[]string{"Rue du Jardin 12, 1201 Genève", "Gartenweg 12, CH-8001 Zürich"}, []string{"1201 tulipes"}},
		"fr-street":   {[]string{"12 rue des Vergers, 75011 Paris", "3 bis, avenue Foch 69006 Lyon"}, []string{"12 rues"}},
		"fr-box":      {[]string{"CS 12345, 35000 Rennes"}, []string{"CS 12"}},
		"es-street":   {[]string{"Calle del Huerto 12, 28013 Madrid"}, []string{"calle 12"}},
		"it-street":   {[]string{"Via dei Giardini 12, 20121 Milano"}, []string{"via 12"}},
		"pt-postcode": {[]string{"Rua do Jardim 12, 1100-001 Lisboa"}, []string{"1100-001"}},
		"nl-postcode": {[]string{"Tuinstraat 12, 1015 AB Amsterdam"}, []string{"voor 1015 AB"}},
		"be-street":   {[]string{"Tuinstraat 12, 1000 Brussel", "Rue du Jardin 12, 1000 Bruxelles"}, []string{"1000 tulpen"}},
		"pl-postcode": {[]string{"ul. Ogrodowa 12, 00-876 Warszawa"}, []string{"00-876"}},
		"se-street":   {[]string{"Trädgårdsgatan 12, 111 20 Stockholm"}, []string{"111 20 tulpaner"}},
		"dk-street":   {[]string{"Havevej 12, 2100 København"}, []string{"2100 tulipaner"}},
		"no-street":   {[]string{"Hagegata 12, 0577 Oslo"}, []string{"0577"}},
		"fi-street":   {[]string{"Puutarhakatu 12, 00100 Helsinki"}, []string{"00100"}},
		"jp-postcode": {[]string{"〒100-0001 東京都千代田区"}, []string{"100-0001"}},
		"kr-road":     {[]string{"서울특별시 종로구 세종대로 175"}, []string{"서울 튤립"}},
		"br-postcode": {[]string{"CEP: 01310-100"}, []string{"01310-100"}},
		"sg-postcode": {[]string{"1 Garden Road, Singapore 018956"}, []string{"Singapore 12"}},
		"in-postcode": {[]string{"12 Garden Road, Mumbai 400 001, India"}, []string{"India 12"}},
	}
}

func trackerSamples() map[string]samples {
	return map[string]samples{
		"path-open":         {[]string{"sender.example/track/open?", "sender.example/wf/open?", "sender.example/pixel.gif"}, []string{"sender.example/open-air.jpg", "sender.example/tracks"}},
		"host-open":         {[]string{"open.sender.example/x", "pixel.sender.example/"}, []string{"opening.sender.example/x", "www.open.example/"}},
		"list-manage":       {[]string{"x.list-manage.com/track/open.php?"}, []string{"list-manage.com/"}},
		"path-click":        {[]string{"sender.example/ls/click?", "sender.example/e/c/abc"}, []string{"sender.example/clicks-and-mortar"}},
		"host-click":        {[]string{"click.sender.example/x", "links.mail.sender.example/"}, []string{"clicker.sender.example/x", "links.sender.example/"}},
		"list-manage-click": {[]string{"x.list-manage.com/track/click?"}, []string{"list-manage.com/"}},
	}
}

// Every expression finds what it is for in its own language, and leaves what only looks like it.
func TestEveryExpressionOfMessagesFindsWhatItIsFor(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	mail := book.Mail()
	expressions := map[string]map[string]privacy.MailExpression{"subject": {}, "word": {}, "address": {}, "tracker": {}}
	for _, p := range mail.Subjects {
		expressions["subject"][p.ID] = p.Pattern
	}
	for _, w := range mail.Words {
		expressions["word"][w.ID] = w.Pattern
	}
	for _, f := range mail.AddressForms {
		expressions["address"][f.ID] = f.Pattern
	}
	for _, tracker := range mail.Trackers {
		expressions["tracker"][tracker.ID] = tracker.Pattern
	}
	for kind, all := range map[string]map[string]samples{"subject": subjectSamples(), "word": wordSamples(), "address": addressSamples(), "tracker": trackerSamples()} {
		require.Len(t, expressions[kind], len(all), kind)
		for id, s := range all {
			expression, there := expressions[kind][id]
			require.True(t, there, "%s %s", kind, id)
			for _, text := range s.finds {
				_, found := expression.Find(text)
				require.True(t, found, "%s %s finds %q", kind, id, text)
			}
			for _, text := range s.leaves {
				_, found := expression.Find(text)
				require.False(t, found, "%s %s leaves %q", kind, id, text)
			}
		}
	}
}

package preflight_test

import (
	"strings"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
)

func faultsOfSubject() map[string]fault {
	both := func(edits ...func(string) string) func(string) string {
		return func(raw string) string {
			for _, edit := range edits {
				raw = edit(raw)
			}
			return raw
		}
	}
	transactional := func(q *preflight.Question) { q.Class = privacy.TransactionalMail }
	all := map[string]fault{
		"a true answer":              {edit: both(subject("Re: Your tulips"), swap("Message-ID:", "In-Reply-To: <question@reader.example>\r\nMessage-ID:")), found: []string{}},
		"a bill that is one":         {edit: subject("Your invoice for November"), ask: transactional, found: []string{}},
		"an account that is one":     {edit: subject("Verify your account"), ask: transactional, found: []string{}},
		"honest words of closing":    {edit: subject("Our shop will be closed on Monday"), found: []string{}},
		"honest words of ordering":   {edit: subject("Order bulbs now, pay in spring"), found: []string{}},
		"an answer, to Australia":    {edit: subject("Re: Your tulips"), ask: to("AU"), found: []string{"subject.false_reply"}},
		"an emoji of several signs":  {edit: subject("=?utf-8?q?=F0=9F=91=A9=E2=80=8D=F0=9F=8C=BE_Tulips?="), found: []string{}},
		"turned around":              {edit: subject("=?utf-8?q?Tulips_=E2=80=AEoff_20?="), found: []string{"subject.hidden_signs"}, reason: "U+202E"},
		"a sign of no width":         {edit: subject("=?utf-8?q?Gar=E2=80=8Bden_tulips?="), found: []string{"subject.hidden_signs"}, reason: "U+200B"},
		"a soft hyphen":              {edit: subject("=?utf-8?q?Fr=C2=ADee_tulips?="), found: []string{"subject.hidden_signs"}, reason: "U+00AD"},
		"Hebrew with its marks":      {edit: subject("=?utf-8?q?=E2=80=8F=D7=A9=D7=9C=D7=95=D7=9D?="), found: []string{}},
		"letters that look alike":    {edit: subject("=?utf-8?q?Free_=D0=A2ulips?="), found: []string{"subject.mixed_scripts"}, reason: "Cyrillic and Latin"},
		"two scripts in two words":   {edit: subject("=?utf-8?q?Tulips_=D1=82=D1=8E=D0=BB=D1=8C=D0=BF=D0=B0=D0=BD=D1=8B?="), found: []string{}},
		"hidden in a hidden invoice": {edit: subject("=?utf-8?q?Your_in=E2=80=8Bvoice?="), found: []string{"subject.hidden_signs", "subject.money"}},
	}
	for rule, subjects := range map[string][]string{
		"subject.false_reply":    {"Re: Your tulips", "RE[2]: Tulips", "AW: Deine Tulpen"},
		"subject.false_forward":  {"Fwd: Tulips", "FW: Tulips", "WG: Tulpen", "TR: Vos tulipes", "RV: Tus tulipanes"},
		"subject.account_threat": {"Your account will be closed", "Action required: tulips", "Ihr Konto wird gesperrt", "Votre compte sera suspendu", "Tu cuenta ha sido bloqueada", "Unusual sign-in activity"},
		"subject.money":          {"Your invoice is ready", "Payment overdue", "Ihre Rechnung liegt bei", "Votre facture de novembre", "Factura pendiente", "Zahlungserinnerung"},
		"subject.hides_sender":   {"A message from your bank", "Your parcel is waiting", "Ihr Paket konnte nicht zugestellt werden", "Votre colis est en attente", "Mensaje de su banco", "Missed call"},
	} {
		for _, text := range subjects {
			severity := privacy.MailWarning
			if strings.HasPrefix(rule, "subject.false") {
				severity = privacy.MailError
			}
			all[text] = fault{edit: subject(text), found: []string{rule}, severity: severity}
		}
	}
	return all
}

func faultsOfContent() map[string]fault {
	const promotional = "This is a promotional email from Example Garden Ltd., "
	const place = "12 Orchard Street,\r\nSpringfield, IL 62704, USA."
	unlabelled := swap(promotional, "From Example Garden Ltd., ")
	without := func(q *preflight.Question) { q.Address = "" }
	asking := func(q *preflight.Question) { q.Class = privacy.AskingConsentMail }
	withdrawable := swap("Plant them before the first frost, and", "You can withdraw your consent at any time. They flower, and")
	return map[string]fault{
		"not labelled, wanted":       {edit: unlabelled, found: []string{}},
		"not labelled":               {edit: unlabelled, ask: func(q *preflight.Question) { q.Consent = preflight.ConsentImplied }, found: []string{"advertisement.unlabelled"}, severity: privacy.MailWarning, reason: "have not asked"},
		"not labelled, unknown":      {edit: unlabelled, ask: func(q *preflight.Question) { q.Consent = "" }, found: []string{"advertisement.unlabelled"}, severity: privacy.MailWarning, reason: "not known"},
		"not labelled, to Canada":    {edit: unlabelled, ask: func(q *preflight.Question) { q.Consent, q.Countries = "", []string{"CA"} }, found: []string{}},
		"no Korean label":            {ask: to("KR"), found: []string{"advertisement.label_missing"}, reason: "(광고)"},
		"a Korean label":             {edit: subject("=?utf-8?q?=28=EA=B4=91=EA=B3=A0=29_Tulips?="), ask: to("KR"), found: []string{}},
		"no address":                 {edit: swap(place, "Springfield."), found: []string{"postal.missing"}, reason: "12 Orchard Street"},
		"no address, none given":     {edit: swap(place, "Springfield."), ask: without, found: []string{"postal.missing"}, severity: privacy.MailWarning, reason: "looks like"},
		"no address, to Germany":     {edit: swap(place, "Springfield."), ask: to("DE"), found: []string{}},
		"another address":            {edit: swap("12 Orchard Street", "99 Orchard Street"), found: []string{"postal.other"}, severity: privacy.MailWarning},
		"an address by its form":     {ask: without, found: []string{}},
		"an address, hidden in HTML": {edit: swap(footerInHTML, `<p style="display:none">This is`), found: []string{}},
		"no contact": {edit: func(raw string) string {
			raw = swap(" Telephone (217) 555-0142.", "", "See all bulbs: https://example.com/bulbs\r\n", "", "Privacy notice: https://example.com/privacy\r\n", "", textUnsubscribe, "Reply STOP to unsubscribe.\r\n")(raw)
			html := raw[strings.Index(raw, "--part\r\nContent-Type: text/html"):strings.Index(raw, "--part--")]
			return strings.Replace(raw, html, "", 1)
		}, ask: to("CA"), found: []string{"contact.missing"}},
		"no privacy notice": {edit: swap(`<a href="https://example.com/privacy" style="color: #0050aa">Privacy notice</a>`, "", "Privacy notice: https://example.com/privacy\r\n", ""),
			found: []string{"privacy.link_missing"}, severity: privacy.MailWarning},
		"no privacy notice, to the US": {edit: swap(`<a href="https://example.com/privacy" style="color: #0050aa">Privacy notice</a>`, "", "Privacy notice: https://example.com/privacy\r\n", ""),
			ask: to("US"), found: []string{}},
		"asking, not withdrawable": {ask: asking, found: []string{"consent.withdrawal_unsaid"}, severity: privacy.MailWarning},
		"asking":                   {edit: withdrawable, ask: asking, found: []string{}},
		"asking without headers":   {edit: func(raw string) string { return withdrawable(swap(listHeader, "", postHeader, "")(raw)) }, ask: asking, found: []string{}},
		"an unknown charset":       {edit: swap("Content-Type: text/plain; charset=utf-8", "Content-Type: text/plain; charset=x-klingon"), found: []string{"body.unreadable"}, severity: privacy.MailWarning},
		"broken base64":            {edit: swap("Content-Type: text/plain; charset=utf-8\r\n", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"), found: []string{"body.unreadable"}, severity: privacy.MailWarning},
		"another text": {edit: func(raw string) string {
			return strings.Replace(raw, raw[strings.Index(raw, "Tulips and daffodils are 20% off until Sunday, in"):strings.Index(raw, "This is a promotional")], other, 1)
		}, found: []string{"body.texts_differ"}, severity: privacy.MailWarning},
		"pictures alone":            {edit: onlyPictures, found: []string{"body.image_only"}, severity: privacy.MailWarning, reason: "pictures: 1, letters"},
		"much hidden text":          {edit: swap(`<span class="preview">`, `<span class="preview">`+strings.Repeat("garden tulips cheap ", 40)), found: []string{"body.hidden_text"}, severity: privacy.MailWarning},
		"too long for Gmail":        {edit: swap("<!DOCTYPE html>", "<!DOCTYPE html><!--"+strings.Repeat("0123456789\r\n", 9_000)+"-->"), found: []string{"body.clipped"}, severity: privacy.MailWarning},
		"a link to another place":   {edit: swap(">See all bulbs<", ">www.bulbs.org/all<"), found: []string{"link.shows_other_domain"}, severity: privacy.MailWarning, reason: "shows www.bulbs.org and leads to example.com"},
		"a link to the same domain": {edit: swap(">See all bulbs<", ">www.example.com/bulbs<"), found: []string{}},
	}
}

const other = "Our accountants have published the yearly figures. Revenue increased modestly while costs remained stable throughout each quarter. " +
	"Shareholders receive their dividend during April following approval by the general meeting, which convenes in Hamburg as usual.\r\n"

// onlyPictures takes the text out of the HTML, all but the small print.
func onlyPictures(raw string) string {
	raw = swap(`<p>Tulips and daffodils are 20% off until Sunday, in every shop and online.`+"\r\n"+`Plant them before the first frost, and they flower in March.</p>`, "",
		`<p><a href="https://example.com/bulbs">See all bulbs</a></p>`, "")(raw)
	from := strings.Index(raw, footerInHTML)
	return raw[:from] + raw[strings.Index(raw, `<p class="small"><a`):]
}

func faultsOfTracking() map[string]fault {
	consent := func(c preflight.TrackingConsent, countries ...string) func(*preflight.Question) {
		return func(q *preflight.Question) { q.TrackingConsent, q.Countries = c, countries }
	}
	picture := func(tag string) func(string) string { return swap("</body>", tag+"</body>") }
	pixel := picture(`<img src="https://example.com/p?r=9f8e7d6c5b4a39281706f5e4d3c2b1a0" width="1" height="1" alt="">`)
	clicks := swap(`<p><a href="https://example.com/bulbs">See`, `<p><a href="https://click.sender.example/ls/click?upn=abc">See`)
	return map[string]fault{
		"a pixel, not wanted":               {edit: pixel, ask: consent("no"), found: []string{"tracking.pixel"}, reason: "have not agreed"},
		"a pixel, unknown":                  {edit: pixel, ask: consent(""), found: []string{"tracking.pixel"}, severity: privacy.MailWarning, reason: "not known"},
		"a pixel, wanted":                   {edit: pixel, ask: consent("yes"), found: []string{}},
		"a pixel, to the US":                {edit: pixel, ask: consent("no", "US", "CA"), found: []string{}},
		"a pixel, to the UK":                {edit: pixel, ask: consent("no", "UK"), found: []string{"tracking.pixel"}},
		"a pixel, transactional":            {edit: pixel, ask: func(q *preflight.Question) { q.Class, q.TrackingConsent = privacy.TransactionalMail, "no" }, found: []string{"tracking.pixel"}},
		"a hidden picture":                  {edit: picture(`<img src="https://example.com/9f8e7d6c5b4a39281706f5e4d3c2b1a0.gif" style="display:none">`), ask: consent("no"), found: []string{"tracking.pixel"}, reason: "hidden"},
		"a known path":                      {edit: picture(`<img src="https://sender.example/track/open?u=1">`), ask: consent("no"), found: []string{"tracking.pixel"}},
		"a spacer":                          {edit: picture(`<img src="https://example.com/spacer.gif" width="1" height="1">`), ask: consent("no"), found: []string{"tracking.pixel"}, severity: privacy.MailWarning, reason: "spacer"},
		"a picture inside":                  {edit: picture(`<img src="cid:spacer" width="1" height="1">`), ask: consent("no"), found: []string{}},
		"a real picture of a tracking host": {edit: picture(`<img src="https://pixel.example.com/logo.png" width="600" height="300">`), ask: consent("no"), found: []string{"tracking.pixel"}, severity: privacy.MailWarning, reason: "shows something"},
		"a link to share":                   {edit: swap(`<p><a href="https://example.com/bulbs">See`, `<p><a href="https://social.example/sharer?u=https%3A%2F%2Fexample.com%2Fbulbs">See`), ask: consent("no"), found: []string{}},
		"a real picture":                    {edit: picture(`<img src="https://example.com/a/9f8e7d6c5b4a39281706f5e4d3c2b1a0.jpg" width="600" height="300">`), ask: consent("no"), found: []string{}},
		"links that report, not wanted":     {edit: clicks, ask: consent("no"), found: []string{"tracking.link"}},
		"links that report, unknown":        {edit: clicks, ask: consent(""), found: []string{"tracking.link"}, severity: privacy.MailWarning},
		"links that report, wanted":         {edit: clicks, found: []string{}},
		"links that pass on":                {edit: swap(`<p><a href="https://example.com/bulbs">See`, `<p><a href="https://go.sender.example/r?to=https%3A%2F%2Fexample.com%2Fbulbs">See`), ask: consent("no"), found: []string{"tracking.link"}, severity: privacy.MailWarning},
		"links that pass on to ourselves":   {edit: swap(`<p><a href="https://example.com/bulbs">See`, `<p><a href="https://example.com/login?next=https%3A%2F%2Fwww.example.com%2Fbulbs">See`), ask: consent("no"), found: []string{}},
	}
}

package preflight_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
)

// fault is the good message with one thing wrong, and all that must be found in it.
type fault struct {
	edit     func(raw string) string
	ask      func(q *preflight.Question)
	sign     func(t *testing.T, w *world, raw string) string // in place of the signature of example.com
	dns      func(w *world)
	found    []string
	severity privacy.MailSeverity // of the first one; empty: error
	reason   string               // in the reason of the first one
}

// swap replaces parts of the message, each of which must be there.
func swap(pairs ...string) func(string) string {
	return func(raw string) string {
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(raw, pairs[i]) {
				panic("the good message has no " + pairs[i])
			}
			raw = strings.ReplaceAll(raw, pairs[i], pairs[i+1])
		}
		return raw
	}
}

func to(countries ...string) func(*preflight.Question) {
	return func(q *preflight.Question) { q.Countries = countries }
}

func subject(text string) func(string) string {
	return swap("Tulips and daffodils are 20% off until Sunday\r\nDate", text+"\r\nDate")
}

const (
	htmlUnsubscribe = `<a href="https://example.com/u/7f3c9a?list=garden" style="color: #0050aa">Unsubscribe</a>`
	textUnsubscribe = "Unsubscribe: https://example.com/u/7f3c9a?list=garden\r\n"
	footerInHTML    = `<p class="small">This is`
	listHeader      = "List-Unsubscribe: <https://example.com/u/7f3c9a?list=garden>, <mailto:stop@example.com>\r\n"
	postHeader      = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
	fromHeader      = "From: Example Garden <news@example.com>\r\n"
)

func (f fault) run(t *testing.T, w *world) preflight.Report {
	t.Helper()
	raw := stored(t, "good-en")
	if f.edit != nil {
		raw = f.edit(raw)
	}
	q := good()
	if f.ask != nil {
		f.ask(&q)
	}
	if f.dns != nil {
		f.dns(w)
	}
	if f.sign != nil {
		raw = f.sign(t, w, raw)
	} else {
		raw = w.sign(t, raw, "example.com")
	}
	return w.check(t, raw, q)
}

func TestEveryFaultAloneIsFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	for name, f := range faults() {
		for _, rule := range f.found {
			broken[rule] = true
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := f.run(t, newWorld(t))
			require.Equal(t, f.found, found(report), "%+v", report.Findings)
			if len(f.found) == 0 {
				return
			}
			if f.severity == "" {
				f.severity = privacy.MailError
			}
			require.Equal(t, f.severity, report.Findings[0].Severity)
			require.Contains(t, report.Findings[0].Reason, f.reason)
			for _, finding := range report.Findings {
				require.NotEmpty(t, finding.Grounds, finding.Rule)
				for _, g := range finding.Grounds {
					require.NotEmpty(t, g.Citation.Text)
					require.True(t, g.Citation.Mark.Valid())
				}
			}
		})
	}
	for _, rule := range preflight.Rules() {
		require.True(t, broken[rule], "no message of this test breaks %s", rule)
	}
}

func faults() map[string]fault {
	all := map[string]fault{}
	for _, part := range []map[string]fault{faultsOfSender(), faultsOfSignature(), faultsOfOneClick(), faultsOfUnsubscribing(), faultsOfSubject(), faultsOfContent(), faultsOfTracking()} {
		for name, f := range part {
			if _, taken := all[name]; taken {
				panic("two faults are called " + name)
			}
			all[name] = f
		}
	}
	return all
}

func faultsOfSender() map[string]fault {
	return map[string]fault{
		"no date":              {edit: swap("Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n", ""), found: []string{"header.missing"}},
		"two subjects":         {edit: swap("Date: ", "Subject: Another one\r\nDate: "), found: []string{"header.repeated"}, reason: "2 times"},
		"two senders":          {edit: swap(fromHeader, "From: a@example.com, b@example.com\r\n"), found: []string{"sender.unreadable"}},
		"no domain verified":   {ask: func(q *preflight.Question) { q.Domains = nil }, found: []string{}},
		"another's domain":     {ask: func(q *preflight.Question) { q.Domains = []string{"example.org"} }, found: []string{"sender.from_unverified", "sender.reply_to_unverified"}},
		"a name that is alike": {ask: func(q *preflight.Question) { q.Domains = []string{"ample.com", "shop.example.com"} }, found: []string{"sender.from_unverified"}, reason: "not among"},
		"a lapsed domain": {ask: func(q *preflight.Question) {
			q.Domains, q.Lapsed = []string{"shop.example.com"}, []string{"example.com"}
		},
			found: []string{"sender.from_unverified"}, reason: "no longer in DNS"},
		"answers elsewhere":                  {edit: swap("hello@shop.example.com", "hello@example.org"), found: []string{"sender.reply_to_unverified"}, severity: privacy.MailWarning},
		"a name with an address":             {edit: swap("Example Garden <news", `"service@bank.com Example Garden" <news`), found: []string{"sender.name_poses"}, reason: "bank.com"},
		"a name with an ending":              {edit: swap("Example Garden <news", `"Example Garden bulbs.org" <news`), found: []string{"sender.name_poses"}, severity: privacy.MailWarning},
		"a name with an ending of one's own": {edit: swap("Example Garden <news", `"Example Garden bulbs.org" <news`), ask: func(q *preflight.Question) { q.Domains = []string{"example.com", "bulbs.org"} }, found: []string{}},
		"a name with its domain":             {edit: swap("Example Garden <news", `"Example Garden shop.example.com" <news`), found: []string{}},
		"a name in two scripts":              {edit: swap("From: Example Garden <news", "From: =?utf-8?q?Ex=D0=B0mple_Garden?= <news"), found: []string{"sender.name_poses"}, reason: "Cyrillic and Latin"},
		"a name with hidden signs":           {edit: swap("From: Example Garden <news", "From: =?utf-8?q?Example_=E2=80=AEGarden?= <news"), found: []string{"sender.name_poses"}, reason: "U+202E"},
		"the sender is not named":            {ask: func(q *preflight.Question) { q.Name = "Another Company" }, found: []string{"sender.unnamed"}},
		"no name to be seen": {edit: swap("Example Garden <news@example.com>", "news@example.com"), ask: func(q *preflight.Question) { q.Name = "" },
			found: []string{"sender.unnamed"}, severity: privacy.MailWarning},
		"the name is in the text": {edit: swap("Example Garden <news@example.com>", "news@example.com"), found: []string{}},
	}
}

func faultsOfSignature() map[string]fault {
	unsigned := func(_ *testing.T, _ *world, raw string) string { return raw }
	by := func(domain string, fields ...string) func(*testing.T, *world, string) string {
		return func(t *testing.T, w *world, raw string) string { return w.sign(t, raw, domain, fields...) }
	}
	changed := func(t *testing.T, w *world, raw string) string {
		return strings.Replace(w.sign(t, raw, "example.com"), "in every shop", "in some shops", 1)
	}
	results := func(value string) func(*testing.T, *world, string) string {
		return func(t *testing.T, w *world, raw string) string {
			return "Authentication-Results: mx.example.com; " + value + "\r\n" + w.sign(t, raw, "example.com")
		}
	}
	trusting := func(q *preflight.Question) { q.AuthServers = []string{"mx.example.com"} }
	return map[string]fault{
		"not signed":          {sign: unsigned, found: []string{"auth.dkim_missing", "oneclick.unsigned"}, reason: ""},
		"a draft":             {sign: unsigned, ask: func(q *preflight.Question) { q.BeforeSigning = true }, found: []string{}},
		"changed after":       {sign: changed, found: []string{"auth.dkim_fails", "auth.dmarc_unaligned", "oneclick.unsigned"}, reason: "body hash"},
		"key not published":   {dns: func(w *world) { w.dns.Set("test._domainkey.example.com") }, found: []string{"auth.dkim_fails", "auth.dmarc_unaligned", "oneclick.unsigned"}, reason: "no key"},
		"no answer":           {dns: func(w *world) { w.dns.Break(true) }, found: []string{"auth.dkim_unverified", "oneclick.unverified"}, severity: privacy.MailWarning, reason: "did not answer"},
		"no DMARC":            {dns: func(w *world) { w.dns.Set("_dmarc.example.com") }, found: []string{"auth.dmarc_missing"}},
		"broken DMARC":        {dns: func(w *world) { w.dns.Set("_dmarc.example.com", "v=DMARC1; p=maybe") }, found: []string{"auth.dmarc_missing"}, reason: "cannot be read"},
		"another's signature": {sign: by("sender.example"), found: []string{"auth.dmarc_unaligned"}, reason: "sender.example"},
		"relaxed alignment":   {sign: by("mail.example.com"), found: []string{}},
		"strict alignment": {sign: by("mail.example.com"), dns: func(w *world) { w.dns.Set("_dmarc.example.com", "v=DMARC1; p=none; adkim=s") },
			found: []string{"auth.dmarc_unaligned"}, reason: "mail.example.com"},
		"one header uncovered": {sign: by("example.com", "From", "Subject", "List-Unsubscribe"), found: []string{"oneclick.unsigned"}, reason: "lacks one"},
		"a second signature fails": {sign: func(t *testing.T, w *world, raw string) string {
			return w.sign(t, strings.Replace(w.sign(t, raw, "sender.example"), "bh=", "bh=AAAA", 1), "example.com")
		}, found: []string{"auth.dkim_fails"}, severity: privacy.MailWarning},
		"SPF fails":              {sign: results("spf=fail smtp.mailfrom=bounce.example.com"), ask: trusting, found: []string{"auth.results_fail"}, severity: privacy.MailWarning, reason: "SPF=fail"},
		"DMARC fails":            {sign: results("dmarc=fail header.from=example.com"), ask: trusting, found: []string{"auth.results_fail"}, reason: "DMARC=fail"},
		"all passes":             {sign: results("spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com"), ask: trusting, found: []string{}},
		"results of anybody":     {sign: results("spf=fail smtp.mailfrom=bounce.example.com"), found: []string{}},
		"transactional unsigned": {sign: unsigned, ask: func(q *preflight.Question) { q.Class = privacy.TransactionalMail }, found: []string{"auth.dkim_missing"}},
	}
}

func faultsOfOneClick() map[string]fault {
	return map[string]fault{
		"no list header":              {edit: swap(listHeader, ""), found: []string{"oneclick.missing"}},
		"two list headers":            {edit: swap(listHeader, listHeader+"List-Unsubscribe: <https://example.com/another>\r\n"), found: []string{"oneclick.repeated"}},
		"no brackets":                 {edit: swap("<https://example.com/u/7f3c9a?list=garden>, <mailto:stop@example.com>", "https://example.com/u/7f3c9a"), found: []string{"oneclick.brackets"}},
		"mailto alone":                {edit: swap("<https://example.com/u/7f3c9a?list=garden>, ", ""), found: []string{"oneclick.no_https"}},
		"http":                        {edit: swap("<https://example.com/u/7f3c9a?list=garden>", "<http://example.com/u/7f3c9a?list=garden>"), found: []string{"oneclick.no_https"}},
		"a placeholder in the header": {edit: swap("list=garden>", "list={{list}}>"), found: []string{"unsubscribe.dead"}, reason: "placeholder"},
		"no post header":              {edit: swap(postHeader, ""), found: []string{"oneclick.post_missing"}},
		"another post value":          {edit: swap("=One-Click", "=one-click"), found: []string{"oneclick.post_value"}},
		"transactional without": {edit: swap(listHeader, "", postHeader, ""), ask: func(q *preflight.Question) { q.Class = privacy.TransactionalMail },
			found: []string{}},
	}
}

func faultsOfUnsubscribing() map[string]fault {
	none := swap(htmlUnsubscribe+" |\r\n", "", textUnsubscribe, "")
	onlyHTML := func(edit func(string) string) func(string) string {
		return func(raw string) string { return edit(swap(textUnsubscribe, "")(raw)) }
	}
	hiding := func(style string) func(string) string {
		return onlyHTML(swap(htmlUnsubscribe, strings.Replace(htmlUnsubscribe, "color: #0050aa", style, 1)))
	}
	return map[string]fault{
		"no way out":                   {edit: none, found: []string{"unsubscribe.missing"}},
		"no way out, to Switzerland":   {edit: none, ask: to("CH"), found: []string{"unsubscribe.missing"}},
		"no way out, transactional":    {edit: none, ask: func(q *preflight.Question) { q.Class = privacy.TransactionalMail }, found: []string{}},
		"no way out, US transactional": {edit: none, ask: func(q *preflight.Question) { q.Class, q.Countries = privacy.TransactionalMail, []string{"US"} }, found: []string{}},
		"no way out, CA transactional": {edit: none, ask: func(q *preflight.Question) { q.Class, q.Countries = privacy.TransactionalMail, []string{"CA"} },
			found: []string{"unsubscribe.missing"}, severity: privacy.MailNote},
		"display none":                   {edit: hiding("display:none"), found: []string{"unsubscribe.hidden"}, reason: "display is none"},
		"no size":                        {edit: hiding("font-size: 0"), found: []string{"unsubscribe.hidden"}, reason: "no size"},
		"colour of background":           {edit: hiding("color:#fff"), found: []string{"unsubscribe.hidden"}, reason: "colour is that of its background"},
		"nearly its colour":              {edit: hiding("color: rgb(250, 250, 250)"), found: []string{"unsubscribe.hidden"}, reason: "colour is that of its background"},
		"transparent letters":            {edit: hiding("color: rgba(0,0,0,0)"), found: []string{"unsubscribe.hidden"}, reason: "transparent"},
		"outside the page":               {edit: hiding("position:absolute; left:-9999px"), found: []string{"unsubscribe.hidden"}, reason: "outside"},
		"a box without size":             {edit: hiding("display:block; max-height:0; overflow:hidden"), found: []string{"unsubscribe.hidden"}, reason: "box has no size"},
		"hidden by a sheet":              {edit: onlyHTML(swap(".preview {", ".small a, .preview {")), found: []string{"unsubscribe.hidden"}, reason: "display is none"},
		"hidden by its row":              {edit: onlyHTML(swap(`<p class="small"><a`, `<p class="small" style="visibility:hidden"><a`)), found: []string{"unsubscribe.hidden"}, reason: "visibility"},
		"white in a white row":           {edit: onlyHTML(swap(`<p class="small"><a`, `<p style="background:#123456"><a`, "color: #0050aa", "color: #123456")), found: []string{"unsubscribe.hidden"}},
		"white on a dark row":            {edit: swap(`<p class="small"><a`, `<p style="background:#123456"><a`, "color: #0050aa", "color: #ffffff"), found: []string{}},
		"a colour that is inherited":     {edit: swap(`<p class="small"><a`, `<p style="background:#123456; color: white"><a`, "color: #0050aa", "color: inherit"), found: []string{}},
		"a colour of another notation":   {edit: swap(`<p class="small"><a`, `<p style="background:hsl(0,0%,10%)"><a`, "color: #0050aa", "color: hsl(0 0% 90%)"), found: []string{}},
		"links are white on a dark body": {edit: swap(`<body style="background-color: #ffffff; color: #222222">`, `<body bgcolor="#222222" text="#eeeeee" link="#ffffff">`, "color: #0050aa", "margin: 0", "color: #555555", "margin: 0"), found: []string{}},
		"links are black on a dark body": {edit: onlyHTML(swap(`<body style="background-color: #ffffff; color: #222222">`, `<body bgcolor="#222222" text="#eeeeee" link="#252525">`, "color: #0050aa", "margin: 0", "color: #555555", "margin: 0")), found: []string{"unsubscribe.hidden"}},
		"hidden on telephones":           {edit: swap("<style>", "<style>@media (max-width: 400px) { a { display: none } }"), found: []string{}},
		"overruled":                      {edit: swap("<style>", "<style>a { display: none } p a { display: inline !important }"), found: []string{}},
		"faint": {edit: swap("color: #0050aa\">Unsubscribe", "color: #b5b5b5\">Unsubscribe"), found: []string{"unsubscribe.faint"}, severity: privacy.MailWarning,
			reason: "2.1 to 1"},
		"tiny":                {edit: swap("color: #0050aa\">Unsubscribe", "font-size: 5px\">Unsubscribe"), found: []string{"unsubscribe.faint"}, severity: privacy.MailWarning, reason: "5 pixels"},
		"a placeholder":       {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "{{unsubscribe_url}}\"", textUnsubscribe, ""), found: []string{"unsubscribe.dead"}, reason: "placeholder"},
		"a placeholder twice": {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "*|UNSUB|*\"", textUnsubscribe, "Unsubscribe: *|UNSUB|*\r\n"), found: []string{"unsubscribe.dead"}, reason: "placeholder"},
		"a lone hash":         {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "#\"", textUnsubscribe, ""), found: []string{"unsubscribe.dead"}, reason: "no address"},
		"the own machine":     {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "http://localhost:8080/u\"", textUnsubscribe, ""), found: []string{"unsubscribe.dead"}, reason: "localhost"},
		"not in the text":     {edit: swap(textUnsubscribe, ""), found: []string{"unsubscribe.one_part"}, severity: privacy.MailWarning, reason: "the text does not"},
		"not in the HTML":     {edit: swap(htmlUnsubscribe+" |\r\n", ""), found: []string{"unsubscribe.missing"}, reason: "readers see the HTML"},
		"hidden in the HTML":  {edit: swap(htmlUnsubscribe, strings.Replace(htmlUnsubscribe, "color: #0050aa", "display:none", 1)), found: []string{"unsubscribe.hidden"}},
		"dead in the HTML":    {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "#\""), found: []string{"unsubscribe.dead"}},
		"words without link": {edit: swap(htmlUnsubscribe+" |", "Unsubscribe in your account |", textUnsubscribe, "Unsubscribe in your account.\r\n\r\n\r\n"), found: []string{"unsubscribe.no_link"},
			severity: privacy.MailWarning},
		"by an answer":     {edit: swap(htmlUnsubscribe+" |", "Reply STOP to this message |", textUnsubscribe, "Reply STOP to this message.\r\n\r\n\r\n"), found: []string{}},
		"by the word here": {edit: swap(htmlUnsubscribe, `To unsubscribe, click <a href="https://example.com/u/7f3c9a">here</a>`), found: []string{}},
		"preferences": {edit: swap(">Unsubscribe<", ">Manage preferences<", textUnsubscribe, "Manage preferences: https://example.com/p\r\n\r\n\r\n"),
			found: []string{"unsubscribe.preferences_only"}, severity: privacy.MailWarning},
	}
}

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

// Findings come worst first, and each law behind one is among those that reach the recipients.
func TestFindingsRestOnLawsThatReachTheRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := swap(htmlUnsubscribe+" |\r\n", "", textUnsubscribe, "")(stored(t, "good-en"))
	for country, laws := range map[string][]string{
		"CA": {"casl", "mailbox"}, "US": {"can-spam", "mailbox"}, "AU": {"au-spam", "mailbox"}, "GB": {"uk-pecr", "mailbox"}, "DE": {"eu-eprivacy", "mailbox"}, "NO": {"eu-eprivacy", "mailbox"}, "JP": {"mailbox"},
	} {
		q := good()
		q.Countries = []string{country}
		report := w.check(t, w.sign(t, raw, "example.com"), q)
		require.Equal(t, []string{"unsubscribe.missing"}, found(report), country)
		var by []string
		for _, g := range report.Findings[0].Grounds {
			by = append(by, g.Law)
			require.True(t, slices.ContainsFunc(report.Laws, func(l preflight.Law) bool { return l.ID == g.Law }))
		}
		require.Equal(t, laws, by, country)
	}
}

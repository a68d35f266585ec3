package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// epoch is the moment the sample company is seen at. It is fixed, so that a seed always gives the same rows.
var epoch = time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)

// person is one invented human being.
type person struct {
	id                        int
	first, last, email, phone string
	lang, country             string
	street, postal, city      string
	birthday                  time.Time
	inCRM, inShop             bool
}

// full is the name as people write it.
func (p person) full() string { return p.first + " " + p.last }

// locale is where invented people come from. The lists are ordinary names and streets; nobody in particular is meant.
type locale struct {
	lang, country, dial    string
	first, last            []string
	cities, streets, forms []string
}

// locales of the sample's customers, the commonest first.
func locales() []locale {
	words := strings.Fields
	return []locale{
		{"de", "DE", "+49", words("Anna Jürgen Käthe Lukas Sören Mia Götz Lena Björn Paula Uwe Frieda"), words("Müller Schäfer Weiß Krüger Jäger Böhm Vogt Lindner Groß Peters"),
			words("Köln München Görlitz Leipzig Bremen Würzburg"), words("Gärtner Schiller Kirch Mühlen Birken"), []string{"%sstraße %d", "%sweg %d"}},
		{"fr", "FR", "+33", words("Chloé François Inès Hugo Zoé Benoît Maëlle Théo Agnès Loïc Noémie Rémi"), words("Lefèvre Dubois Garçon Noël Béranger Faure Guérin Rivière Hervé Picard"),
			words("Lyon Nîmes Orléans Besançon Brest Angoulême"), words("Lilas Moulin Écoles Tilleuls Église"), []string{"rue des %s, %d", "avenue du %s, %d"}},
		{"es", "ES", "+34", words("Lucía Íñigo María Andrés Begoña Jesús Núria Raúl Sofía Iván Ángela Óscar"), words("Muñoz Ibáñez Peña Gómez Núñez Ordóñez Vázquez Castaño Ruiz Solís"),
			words("Málaga Cádiz León Gijón Logroño Ávila"), words("Olmos Molinos Alcalá Fuente Niños"), []string{"Calle %s, %d", "Plaza de %s %d"}},
		{"en", "IE", "+353", words("Aoife Liam Siân Owen Niamh Rory Grace Declan Maeve Callum Orla Finn"), words("O'Brien Murphy D'Arcy Walsh Byrne McCarthy O'Neill Doyle Quinn Nolan"),
			words("Cork Galway Limerick Sligo Wexford Dublin"), words("Harbour Abbey Mill Castle Bridge"), []string{"%[2]d %[1]s Road", "%[2]d %[1]s Lane"}},
		{"en", "PL", "+48", words("Łukasz Żaneta Michał Grażyna Paweł Świętosława Jakub Małgorzata"), words("Wójcik Zieliński Dąbrowska Król Wiśniewska Żak Łuczak"),
			words("Kraków Łódź Gdańsk Poznań Wrocław"), words("Długa Lipowa Polna Kościelna"), []string{"ul. %s %d"}},
		{"en", "GR", "+30", words("Γιώργος Ελένη Δημήτρης Σοφία Νίκος Ιωάννα"), words("Παπαδόπουλος Γεωργίου Νικολάου Δήμου"), words("Αθήνα Πάτρα Χανιά Βόλος"), words("Ερμού Σταδίου Αθηνάς"), []string{"%s %d"}},
	}
}

// pick takes one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// makePeople invents people; the first is the demo person. Two in five are in both systems.
func makePeople(r *rand.Rand, n int) []person {
	all := locales()
	people := make([]person, 0, n+1)
	people = append(people, demoPerson())
	for i := 1; i < n; i++ {
		l := all[min(r.IntN(len(all)), r.IntN(len(all)))]
		p := person{id: i + 1, first: pick(r, l.first), last: pick(r, l.last), lang: l.lang, country: l.country, city: pick(r, l.cities)}
		p.street = fmt.Sprintf(pick(r, l.forms), pick(r, l.streets), 1+r.IntN(180))
		p.postal = fmt.Sprintf("%05d", 10000+r.IntN(89999))
		p.phone = fmt.Sprintf("%s %d %07d", l.dial, 100+r.IntN(900), r.IntN(10_000_000))
		p.email = address(r, p)
		p.birthday = epoch.AddDate(-18-r.IntN(60), -r.IntN(12), -r.IntN(28)).Truncate(24 * time.Hour)
		p.inCRM, p.inShop = i%5 < 4, i%5 > 1
		people = append(people, p)
	}
	return people
}

// demoPerson is the person the demo's request is about.
func demoPerson() person {
	return person{id: 1, first: "Amélie", last: "Brandt", email: DemoEmail, phone: "+49 221 5550123", lang: "de", country: "DE", street: "Gärtnerstraße 12",
		postal: "50674", city: "Köln", birthday: time.Date(1987, 2, 28, 0, 0, 0, 0, time.UTC), inCRM: true, inShop: true}
}

// address invents an e-mail address under a domain that is reserved for examples; some are written with capitals.
func address(r *rand.Rand, p person) string {
	local := ascii(p.first) + "." + ascii(p.last)
	if local == "." {
		local = "customer"
	}
	email := fmt.Sprintf("%s%d@example.%s", local, p.id, pick(r, []string{"com", "org", "net"}))
	if r.IntN(10) == 0 {
		return strings.ToUpper(email[:1]) + email[1:]
	}
	return email
}

// ascii strips a name to what an address can hold.
func ascii(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(norm.NFD.String(name)) {
		if c < unicode.MaxASCII && unicode.IsLetter(c) {
			b.WriteRune(c)
		}
	}
	return b.String()
}

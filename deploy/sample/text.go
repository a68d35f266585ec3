package sample

// The texts below carry what exports trip over: formulas as spreadsheets run them, other scripts, quotes, line breaks.

// subjects of tickets.
func subjects() []string {
	return []string{"Zelt undicht", "Wrong size delivered", "Où est ma commande ?", "Devolución de botas", "Invoice 4711", "=HYPERLINK(\"http://example.com\";\"click\")",
		"Rucksack: Naht gerissen", "+1 voucher missing", "Ερώτηση για την παραγγελία", "@support please call"}
}

// messages in tickets.
func messages() []string {
	return []string{"Hello,\nthe zip broke on the second day. Photos attached.\n\nThank you", "Guten Tag, bitte senden Sie mir die Rechnung noch einmal.",
		"Bonjour, le colis n'est jamais arrivé… merci de vérifier l'adresse.", "Buenos días: ¿cuándo llega el reembolso?", "-1+1 pieces were in the box",
		"We have sent you a new one, it should be there on Thursday.", "Thanks 👍🏽 that solved it", "=1+1\t\"quoted\", with comma; and semicolon"}
}

// notes that staff take.
func notes() []string {
	return []string{"Called back, wants a quote for 12 tents", "Möchte nur noch per E-Mail kontaktiert werden", "Visited the shop in person", "Rappeler après les vacances",
		"Prefers delivery on Saturdays", "=cmd|' /C calc'!A0", "Asked about the lifetime guarantee"}
}

// reviews as title and body.
func reviews() [][2]string {
	return [][2]string{{"Great", "Kept me dry for three weeks in Norway."}, {"Naja", "Der Reißverschluss klemmt, sonst gut."}, {"Déçue", "Couleur différente de la photo."},
		{"=SUM(A1:A9)", "Five stars, +10 would buy again"}, {"Muy bueno", "Ligero y resistente; ideal para el Camino."}, {"Ωραίο", "Πολύ καλή ποιότητα"}, {"ok", ""}}
}

// products of the shop.
func products() []string {
	return []string{"Tent Fjell 2", "Tent Fjell 3", "Sleeping bag Dune", "Stove Ember", "Backpack Col 35", "Backpack Col 55", "Boots Grat", "Boots Kar", "Rain jacket Regn",
		"Fleece Ull", "Headlamp Irrlicht", "Water filter Quell", "Trekking poles Stab", "Rope 50 m", "Map set Alps", "Gaiters", "Hut slippers", "Dry bag 20 l", "Merino socks", "Cup"}
}

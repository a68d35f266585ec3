package record

// context says what the words of a record stand for. It stands in the record, so that nobody has to fetch it.
type context struct {
	DPV        string `json:"dpv"`
	PD         string `json:"pd"`
	Loc        string `json:"loc"`
	DCT        string `json:"dct"`
	SKOS       string `json:"skos"`
	Schema     string `json:"schema"`
	SPDX       string `json:"spdx"`
	RDF        string `json:"rdf"`
	XSD        string `json:"xsd"`
	ConformsTo typed  `json:"dct:conformsTo"`
	Created    typed  `json:"dct:created"`
	Date       typed  `json:"dct:date"`
	Issued     typed  `json:"dct:issued"`
	Broader    typed  `json:"skos:broader"`
	Time       typed  `json:"dpv:isIndicatedAtTime"`
	Withdraw   typed  `json:"dpv:isExercisedAt"`
	URL        typed  `json:"schema:url"`
	Algorithm  typed  `json:"spdx:algorithm"`
	Digits     typed  `json:"spdx:checksumValue"`
}

// typed is the kind of a property's values.
type typed struct {
	Type string `json:"@type"`
}

// vocabulary names the vocabularies by their current addresses.
func vocabulary() context {
	moment, node := typed{"xsd:dateTime"}, typed{"@id"}
	return context{
		DPV: "https://w3id.org/dpv#", PD: "https://w3id.org/dpv/pd#", Loc: "https://w3id.org/dpv/loc#", DCT: "http://purl.org/dc/terms/",
		SKOS: "http://www.w3.org/2004/02/skos/core#", Schema: "https://schema.org/", SPDX: "http://spdx.org/rdf/terms#",
		RDF: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", XSD: "http://www.w3.org/2001/XMLSchema#",
		ConformsTo: node, Created: moment, Date: moment, Issued: typed{"xsd:date"}, Broader: node, Time: moment, Withdraw: node, URL: node, Algorithm: node,
		Digits: typed{"xsd:hexBinary"},
	}
}

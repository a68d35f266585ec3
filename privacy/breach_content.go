package privacy

import "slices"

// BreachContent is what a notice of a breach has to say.
type BreachContent struct {
	Elements []BreachElement `json:"elements"`
	Citation Citation        `json:"citation"`
}

// BreachElement is one thing that a notice has to say.
type BreachElement string

// The elements.
const (
	ElementNature           BreachElement = "nature"          // what happened
	ElementCause            BreachElement = "cause"           // its circumstances and, where known, its cause
	ElementPeriod           BreachElement = "period"          // when it happened: a day or a period
	ElementPeopleKinds      BreachElement = "people_kinds"    // categories of people
	ElementPeopleNumber     BreachElement = "people_number"   // about how many
	ElementRecordKinds      BreachElement = "record_kinds"    // categories of personal data
	ElementRecordNumber     BreachElement = "record_number"   // about how many records
	ElementContact          BreachElement = "contact"         // the data protection officer, or who else answers
	ElementOrganisation     BreachElement = "organisation"    // who it is that tells, and how to reach them
	ElementConsequences     BreachElement = "consequences"    // likely ones
	ElementMeasures         BreachElement = "measures"        // taken and proposed, to mend it and to limit its effects
	ElementAdvice           BreachElement = "advice"          // what people can do for themselves
	ElementTelling          BreachElement = "telling"         // how and when people are told, or were
	ElementDelay            BreachElement = "delay"           // why it comes late, where it does
	ElementMalicious        BreachElement = "malicious"       // whether unlawful or malicious acts are suspected
	ElementCrossBorder      BreachElement = "cross_border"    // whether it may have effects in other states
	ElementSeverity         BreachElement = "severity"        // how grave it is, and its impact
	ElementIndicators       BreachElement = "indicators"      // indicators of compromise, where there are any
	ElementProtection       BreachElement = "protection"      // technical and security measures that protected the data
	ElementMaterialImpact   BreachElement = "material_impact" // on the business: what shareholders have to know
	ElementHelpFromAgencies BreachElement = "credit_agencies" // how to reach credit reporting agencies
)

// BreachElements lists them, in the order in which notices have them.
func BreachElements() []BreachElement {
	return []BreachElement{
		ElementOrganisation, ElementContact, ElementNature, ElementCause, ElementPeriod, ElementMalicious, ElementSeverity, ElementPeopleKinds, ElementPeopleNumber, ElementRecordKinds,
		ElementRecordNumber, ElementProtection, ElementConsequences, ElementMaterialImpact, ElementMeasures, ElementIndicators, ElementCrossBorder, ElementTelling, ElementAdvice,
		ElementHelpFromAgencies, ElementDelay,
	}
}

// Valid reports whether e is one of the elements.
func (e BreachElement) Valid() bool { return slices.Contains(BreachElements(), e) }

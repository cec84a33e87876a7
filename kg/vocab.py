"""The only vocabulary: every term the graph may use, in closed namespaces. A name that is not listed fails.

``VB.Link`` is ``https://w3id.org/vanban-kg/def#Link``. The terms of VB are those of ``ontology/vanban.ttl``, no more
and no less (a test compares the two); of the other vocabularies only what we use is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kg.model import Relation
from kg.terms import Iri

__all__ = [
    "DCT",
    "ELI",
    "LINK_PREDICATES",
    "OA",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SH",
    "SKOS",
    "VB",
    "VOID",
    "XSD",
    "Namespace",
]


class Namespace:
    """A closed set of names under one IRI: ``VB.Link`` and ``VB["Link"]``; ``VB.Lnik`` raises AttributeError."""

    def __init__(self, iri: str, names: str) -> None:
        self._iri = iri
        self._names = frozenset(names.split())
        self.__dict__.update({name: Iri(iri + name) for name in self._names})

    def __getattr__(self, name: str) -> Iri:  # reached only for a name that is not listed
        raise AttributeError(f"{self._iri} has no term “{name}” here: list it in kg/vocab.py, or mend the spelling")

    def __getitem__(self, name: str) -> Iri:
        if name not in self._names:
            raise KeyError(f"{self._iri}{name}")
        return Iri(self._iri + name)

    def __contains__(self, iri: object) -> bool:
        return isinstance(iri, str) and iri.startswith(self._iri) and iri[len(self._iri) :] in self._names

    def __iter__(self) -> Iterator[Iri]:
        return (Iri(self._iri + name) for name in sorted(self._names))

    def __str__(self) -> str:
        return self._iri


VB = Namespace(
    "https://w3id.org/vanban-kg/def#",
    # Kinds of things
    "Addressing Anniversary Area Assignment Campaign Deadline Event Fact Link Person Run Stub Target TextSnapshot"
    " Unresolved Verdict"
    # How sure, said by whom, in what state
    " Rule Model Human Effective BelowThreshold Rejected Orphaned Accepted Unsure Withdrawn Public Internal Inferred"
    # Levels
    " Central Province District Commune"
    # Between documents (all are also eli:cites)
    " approves attached_to guides issues mentions proposed_by replaces replies_to reviews"
    # A link and its evidence
    " confidence cue evidence foundByLookup mentionEnd mentionStart method page part place status"
    # A document
    " actingFor adminLevel byOrder creditedTo dateEarliest dateLatest draftedBy file fileName identityMethod"
    " identityReason inferredFrom issuerName month numberKey onBehalfOf partyTerm placeOfIssue preferred sameWorkAs"
    " sha256 signedBy signerPosition symbol text visibility"
    # Whom it binds
    " addresses duty note phrase"
    # Campaigns and anniversaries
    " anniversaryOf area commemorated commemorates continues endDate instanceOf launchedBy launches origin startDate"
    " years"
    # Tasks, targets, deadlines
    " assignedTo comparator due hasAssignment hasDeadline hasTarget indicator kind requested role unit value"
    # What stays open
    " candidate hasUnresolved reason rival"
    # What people decided
    " about act answeredOutside at by object objectFile objectNumber parserVersion quoteSeen relation samePersonAs"
    " subject subjectFile tellerFile textSeen undoes verdict"
    # What was worked out, never stated
    " inferredParent reusesTextOf"
    # Areas and bodies
    " Body Organ Role formerName mainSymbol pattern renamedOn saidAs sample seriesOwner",
)

ELI = Namespace(
    "http://data.europa.eu/eli/ontology#",
    "LegalResource LegalExpression LegalResourceSubdivision Format Manifestation Work"
    " amended_by amends applied_by applies based_on basis_for changes cited_by cites commences consolidates"
    " consolidated_by corrects countersigned_by date_applicability date_document date_no_longer_in_force"
    " date_publication embodies ensures_implementation_of first_date_entry_in_force has_annex has_part id_local"
    " implementation_ensured_by in_force is_about is_embodied_by is_part_of is_realized_by jurisdiction language"
    " media_type number passed_by published_in_format realizes refers_to related_to relevant_for repealed_by repeals"
    " responsibility_of_agent title title_short type_document type_subdivision uri_schema",
)
ORG = Namespace(
    "http://www.w3.org/ns/org#",
    "ChangeEvent FormalOrganization Organization OrganizationalUnit Post changedBy classification hasPost memberOf"
    " hasSubOrganization heldBy identifier linkedTo originalOrganization purpose resultedFrom resultingOrganization"
    " subOrganizationOf unitOf",
)
PROV = Namespace(
    "http://www.w3.org/ns/prov#",
    "Activity Agent Bundle Entity Person SoftwareAgent atTime endedAtTime generatedAtTime used value"
    " wasAssociatedWith wasAttributedTo wasDerivedFrom wasGeneratedBy wasInvalidatedBy wasRevisionOf startedAtTime",
)
OA = Namespace(
    "http://www.w3.org/ns/oa#",
    "Annotation SpecificResource TextPositionSelector TextQuoteSelector end exact hasSelector hasSource hasState"
    " prefix start suffix",
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme altLabel broader definition exactMatch hasTopConcept hiddenLabel inScheme narrower"
    " notation prefLabel related scopeNote topConceptOf",
)
SCHEMA = Namespace(
    "http://schema.org/",
    "AdministrativeArea DefinedRegion Event Person Quantity QuantitativeValue containedInPlace endDate familyName"
    " jobTitle maxValue minValue name startDate unitText validFrom validThrough value",
)
DCT = Namespace(
    "http://purl.org/dc/terms/",
    "abstract created creator date description extent format hasPart identifier isPartOf isReplacedBy issued language"
    " license modified publisher references replaces source subject title type",
)
RDF = Namespace(
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "Property Statement object predicate reifies subject type"
)
RDFS = Namespace(
    "http://www.w3.org/2000/01/rdf-schema#",
    "Class Literal Resource comment domain isDefinedBy label range seeAlso subClassOf subPropertyOf",
)
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    "Class DatatypeProperty NamedIndividual ObjectProperty Ontology TransitiveProperty deprecated equivalentClass"
    " equivalentProperty imports inverseOf sameAs versionIRI versionInfo",
)
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#",
    "anyURI boolean date dateTime decimal double gYear gYearMonth gMonthDay integer nonNegativeInteger"
    " positiveInteger string",
)
VOID = Namespace(
    "http://rdfs.org/ns/void#",
    "Dataset class classPartition classes dataDump distinctObjects distinctSubjects entities exampleResource feature"
    " inDataset property propertyPartition properties sparqlEndpoint subset triples uriSpace vocabulary",
)
SH = Namespace(
    "http://www.w3.org/ns/shacl#",
    "Info NodeShape PropertyShape SPARQLExecutable SPARQLSelectExecutable Violation Warning conforms focusNode message"
    " path prefixes property resultMessage resultPath resultSeverity result select severity sourceConstraintComponent"
    " sourceShape targetClass value",
)

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dct": str(DCT),
        "eli": str(ELI),
        "oa": str(OA),
        "org": str(ORG),
        "owl": str(OWL),
        "prov": str(PROV),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "schema": str(SCHEMA),
        "sh": str(SH),
        "skos": str(SKOS),
        "vb": str(VB),
        "void": str(VOID),
        "xsd": str(XSD),
    }
)
"""What a query may abbreviate without declaring it, and what Turtle we write declares."""

LINK_PREDICATES: Mapping[Relation, Iri] = MappingProxyType(
    {
        "legal_basis": ELI.based_on,
        "implements": ELI.ensures_implementation_of,
        "follows": ELI.applies,
        "amends": ELI.amends,
        "replaces": VB.replaces,
        "repeals": ELI.repeals,
        "consolidates": ELI.consolidates,
        "guides": VB.guides,
        "approves": VB.approves,
        "attached_to": VB.attached_to,
        "reviews": VB.reviews,
        "proposed_by": VB.proposed_by,
        "replies_to": VB.replies_to,
        "issues": VB.issues,
        "mentions": VB.mentions,
    }
)
"""What a relation between two documents is called in the graph. "self" is no link and has no entry."""

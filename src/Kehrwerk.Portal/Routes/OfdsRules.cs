using System.Collections.Frozen;

namespace Kehrwerk.Portal.Routes;

/// <summary>A field of an object.</summary>
/// <param name="Rule">What its value may be; see <see cref="OfdsRules"/>.</param>
internal sealed record OfdsField(string Name, string Rule, bool IsNeeded);

/// <summary>
/// What the Open Fibre Data Standard 0.3 asks of each kind of object, as a table. A rule is <c>text</c> (not empty), <c>uuid</c>, <c>iri</c>, <c>date</c>, <c>number</c>, <c>integer</c>,
/// <c>flag</c>, <c>point</c>, <c>line</c>, <c>code:LIST</c> (<see cref="OfdsCodes"/>), <c>=VALUE</c>, <c>@OBJECT</c>, or one of these in brackets: a list that is not empty and has no element twice.
/// An exclamation mark follows what is needed. Fields that are not named here are taken as they are, as the standard wants.
/// </summary>
internal static class OfdsRules
{
    /// <summary>Schemas of networks that are read. What 0.4 adds is a field more, which is kept.</summary>
    public static readonly FrozenSet<string> Schemas = new[]
    {
        "https://raw.githubusercontent.com/Open-Telecoms-Data/open-fibre-data-standard/0__3__0/schema/network-schema.json",
        "https://standard.ofds.info/en/0__4__0/network-schema.json",
    }.ToFrozenSet(StringComparer.Ordinal);

    private const string Table = """
        Package: networks! [@Network], links @Pages
        Pages: next iri, prev iri
        Network: id! uuid, name text, nodes [@Node], spans [@Span], phases [@Phase], organisations [@Organisation], contracts [@Contract], website iri, publisher @Publisher
        Network: publicationDate date, collectionDate date, crs @Crs, accuracy number, accuracyDetails text, language text, links! [@Link]
        Publisher: name text, identifier @Identifier
        Node: id! text, name text, phase @Reference, status code:status, location point, address @Address, type [text], accessPoint flag, internationalConnections [@Address]
        Node: power flag, technologies [text], physicalInfrastructureProvider @Reference, networkProviders [@Reference], transmissionMediumOwner @Reference
        Span: id! text, name text, phase @Reference, status code:status, readyForServiceDate date, start text, end text, directed flag, route line
        Span: physicalInfrastructureProvider @Reference, networkProviders [@Reference], transmissionMediumOwner @Reference, supplier @Reference
        Span: transmissionMedium [code:medium], deployment [code:deployment], deploymentDetails @Described, darkFibre flag, fibreType code:fibreType, fibreTypeDetails @FibreType
        Span: fibreCount integer, fibreLength number, technologies [text], capacity number, capacityDetails @Described, countries [code:country]
        Phase: id! text, name text, description text, funders [@Reference]
        Organisation: id! text, name text, identifier @Identifier, country code:country, roles [text], roleDetails text, website iri, logo iri
        Contract: id! text, title text, description text, type text, value @Value, dateSigned date, documents [@Document], relatedPhases [@Reference]
        Reference: id! text, name text
        Address: streetAddress text, locality text, region text, postalCode text, country code:country
        Value: amount number, currency code:currency
        Document: title text, description text, url iri, format text
        Identifier: id text, scheme text, legalName text, uri iri
        Crs: name! =urn:ogc:def:crs:OGC::CRS84, uri! =http://www.opengis.net/def/crs/OGC/1.3/CRS84
        Link: href! iri, rel! text
        Described: description text
        FibreType: fibreSubtype text, description text
        """;

    /// <summary>The fields of each kind of object.</summary>
    public static FrozenDictionary<string, OfdsField[]> Objects { get; } =
        (from line in Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
         let parts = line.Split(": ", 2)
         from field in parts[1].Split(", ")
         let words = field.Split(' ', 2)
         group new OfdsField(words[0].TrimEnd('!'), words[1], words[0].EndsWith('!')) by parts[0])
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
}

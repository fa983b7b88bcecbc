using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kehrwerk.Portal.OpenData;

/// <summary>The collections as a catalogue in DCAT-AP.de 2.0, as RDF/XML: what German data portals harvest.</summary>
internal static class DataCatalogue
{
    private static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static readonly XNamespace Dcat = "http://www.w3.org/ns/dcat#";
    private static readonly XNamespace Dct = "http://purl.org/dc/terms/";
    private static readonly XNamespace Foaf = "http://xmlns.com/foaf/0.1/";
    private static readonly XNamespace DcatDe = "http://dcat-ap.de/def/dcatde/";
    private static readonly XNamespace Locn = "http://www.w3.org/ns/locn#";

    private const string Authority = "http://publications.europa.eu/resource/authority/";

    public static ContentHttpResult Answer(HttpContext context, PortalData data, ImmutableArray<DataLayer> all)
    {
        OgcApi.OpenToAll(context);
        return TypedResults.Content(Of(data, all, $"{context.Request.Scheme}://{context.Request.Host}").ToString(), "application/rdf+xml; charset=utf-8");
    }

    public static XDocument Of(PortalData data, ImmutableArray<DataLayer> all, string site) => new(new XElement(
        Rdf + "RDF",
        new XAttribute(XNamespace.Xmlns + "rdf", Rdf),
        new XAttribute(XNamespace.Xmlns + "dcat", Dcat),
        new XAttribute(XNamespace.Xmlns + "dct", Dct),
        new XAttribute(XNamespace.Xmlns + "foaf", Foaf),
        new XAttribute(XNamespace.Xmlns + "dcatde", DcatDe),
        new XAttribute(XNamespace.Xmlns + "locn", Locn),
        new XElement(
            Dcat + "Catalog",
            new XAttribute(Rdf + "about", $"{site}/daten/katalog.rdf"),
            Words(Dct + "title", ($"Offene Daten: {data.CityName}", $"Open data: {data.CityName}")),
            Words(Dct + "description", ("Adressen, Glasfaserprojekte und Kehrtage.", "Addresses, fibre projects and sweeping days.")),
            Publisher(data, site),
            Thing(Foaf + "homepage", $"{site}/daten"),
            all.Select(c => new XElement(Dcat + "dataset", Dataset(data, c, site))))));

    private static XElement Dataset(PortalData data, DataLayer one, string site) => new(
        Dcat + "Dataset",
        new XAttribute(Rdf + "about", $"{site}/ogc/collections/{one.Id}#dataset"),
        new XElement(Dct + "identifier", $"{site}/ogc/collections/{one.Id}"),
        Words(Dct + "title", one.Title),
        Words(Dct + "description", one.Description),
        Publisher(data, site),
        Thing(Dcat + "theme", $"{Authority}data-theme/{one.Theme}"),
        Thing(Dct + "accrualPeriodicity", $"{Authority}frequency/DAILY"),
        Thing(DcatDe + "politicalGeocodingLevelURI", "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"),
        new XElement(Dct + "modified", new XAttribute(Rdf + "datatype", "http://www.w3.org/2001/XMLSchema#date"), Day(one.AsOf)),
        one.Extent is { IsNull: false } box ? new XElement(Dct + "spatial", new XElement(Dct + "Location", new XElement(
            Locn + "geometry",
            new XAttribute(Rdf + "datatype", "https://www.iana.org/assignments/media-types/application/vnd.geo+json"),
            string.Create(CultureInfo.InvariantCulture, $$"""{"type":"Polygon","coordinates":[[[{{box.MinX}},{{box.MinY}}],[{{box.MaxX}},{{box.MinY}}],[{{box.MaxX}},{{box.MaxY}}],[{{box.MinX}},{{box.MaxY}}],[{{box.MinX}},{{box.MinY}}]]]}""")))) : null,
        new XElement(Dcat + "distribution", Distribution(one, site, "csv", $"{site}/daten/{one.Id}.csv", "CSV", "text/csv", ("Alles als CSV", "All of it as CSV"), isFile: true)),
        new XElement(Dcat + "distribution", Distribution(one, site, "ogc", $"{site}/ogc/collections/{one.Id}/items", "GEOJSON", "application/geo+json", ("OGC API Features", "OGC API Features"), isFile: false)));

    private static XElement Distribution(DataLayer one, string site, string name, string address, string format, string mediaType, (string, string) title, bool isFile) => new(
        Dcat + "Distribution",
        new XAttribute(Rdf + "about", $"{site}/ogc/collections/{one.Id}#{name}"),
        Words(Dct + "title", title),
        Thing(Dcat + "accessURL", address),
        isFile ? Thing(Dcat + "downloadURL", address) : null,
        Thing(Dct + "format", $"{Authority}file-type/{format}"),
        Thing(Dcat + "mediaType", $"https://www.iana.org/assignments/media-types/{mediaType}"),
        new XElement(Dct + "modified", new XAttribute(Rdf + "datatype", "http://www.w3.org/2001/XMLSchema#date"), Day(one.AsOf)),
        // Several where the data come from several sources: each holds for its part.
        one.Licences.Select(l => Thing(Dct + "license", l.Uri)));

    private static XElement Publisher(PortalData data, string site) =>
        new(Dct + "publisher", new XElement(Foaf + "Organization", new XAttribute(Rdf + "about", $"{site}/#publisher"), new XElement(Foaf + "name", data.CityName)));

    private static XElement[] Words(XName name, (string De, string En) text) =>
        [new(name, new XAttribute(XNamespace.Xml + "lang", "de"), text.De), new(name, new XAttribute(XNamespace.Xml + "lang", "en"), text.En)];

    private static XElement Thing(XName name, string address) => new(name, new XAttribute(Rdf + "resource", address));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

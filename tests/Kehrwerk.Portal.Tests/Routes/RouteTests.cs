using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Kehrwerk.Portal.Routes;
using Kehrwerk.Portal.Tests.Addresses;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Tests.Routes;

/// <summary>Routes in the Open Fibre Data Standard: the standard's own examples, and two real networks.</summary>
public sealed class RouteTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("routes").FullName;

    private RouteFolder Routes => new(Path.Combine(folder, "routes"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("ofds-0.3-network-package.json")]
    [InlineData("chorus-nz.json")]
    [InlineData("liquid-zw.json")]
    public void A_package_comes_out_as_it_went_in(string name)
    {
        var file = Shared(name);

        var import = Routes.Import([file]);

        Assert.Empty(import.Problems);
        var kept = Assert.Single(import.Networks);
        Assert.Equal([kept], Routes.Networks());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(file)), JsonNode.Parse(Routes.Package(Guid.Parse(kept.Id))!)));

        // Out as GeoJSON and in again it is the same network, but for what that form does not hold.
        var again = new RouteFolder(Path.Combine(folder, "again"));
        var spans = Write("spans.geojson", Routes.GeoJson(Guid.Parse(kept.Id), "spans")!);
        var nodes = Write("nodes.geojson", Routes.GeoJson(Guid.Parse(kept.Id), "nodes")!);
        Assert.Equal([kept], again.Import([nodes, spans]).Networks);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(spans)), JsonNode.Parse(again.GeoJson(Guid.Parse(kept.Id), "spans")!)));
    }

    [Fact]
    public void Nodes_and_spans_as_features_come_out_as_they_went_in()
    {
        var (nodes, spans) = (Shared("ofds-0.3-nodes.geojson"), Shared("ofds-0.3-spans.geojson"));

        var import = Routes.Import([nodes, spans]);

        Assert.Empty(import.Problems);
        var id = Guid.Parse(Assert.Single(import.Networks).Id);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(nodes)), JsonNode.Parse(Routes.GeoJson(id, "nodes")!)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(spans)), JsonNode.Parse(Routes.GeoJson(id, "spans")!)));
    }

    [Fact]
    public void The_invalid_package_is_refused_with_each_error_named()
    {
        var import = Routes.Import([Shared("ofds-0.3-network-package-invalid.json")]);

        Assert.Empty(import.Networks);
        Assert.Empty(Routes.Networks());
        // What the official schema finds too, and besides that 'example.com' is no address and the id of a phase is given twice.
        Assert.Equal(
            [
                "accuracy", "accuracyDetails", "contracts", "crs/name", "crs/uri", "id", "links/0/href", "links/0/rel", "links/1/rel", "name", "nodes", "organisations/0/id", "phases/1", "phases/1/id",
                "publicationDate", "publisher", "spans/0/directed", "spans/0/fibreCount", "spans/0/id", "spans/0/route/coordinates", "spans/0/route/properties", "spans/0/status",
                "spans/0/transmissionMedium/0", "website",
            ],
            import.Problems.Select(p => p.Field["/networks/0/".Length..]).Order(StringComparer.Ordinal));
        Assert.Contains(import.Problems, p => p.ToString().Contains("/networks/0/spans/0/status 'open': It has to be one of decommissioned, inactive, operational", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_referred_to_has_to_be_there()
    {
        var package = JsonNode.Parse(Network)!;
        package["networks"]![0]!["spans"]![0]!["end"] = "nowhere";
        package["networks"]![0]!["nodes"]![0]!["networkProviders"] = new JsonArray(new JsonObject { ["id"] = "nobody" });

        var problems = Routes.Import([Write("p.json", package.ToJsonString())]).Problems;

        Assert.Equal(["/networks/0/nodes/0/networkProviders", "/networks/0/spans/0/end"], problems.Select(p => p.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_package_that_is_refused_leaves_what_was_there()
    {
        Assert.Empty(Routes.Import([Write("good.json", Network)]).Problems);
        var bad = JsonNode.Parse(Network)!;
        bad["networks"]![0]!["name"] = "";

        Assert.NotEmpty(Routes.Import([Write("bad.json", bad.ToJsonString())]).Problems);

        Assert.Equal("Town", Assert.Single(Routes.Networks()).Name);
        if (!OperatingSystem.IsWindows())
        {
            var file = Assert.Single(Directory.GetFiles(Path.Combine(folder, "routes")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"networks\": [")]
    [InlineData("{\"networks\": [], \"networks\": []}")]
    public void What_is_no_package_is_refused(string json) => Assert.Throws<InputException>(() => Routes.Import([Write("x.json", json)]));

    [Fact]
    public void Whatever_is_changed_in_a_package_is_taken_or_refused_and_never_fails() => Gen.Select(Gen.Int[0, Network.Length - 1], Gen.Char[' ', '~']).Array[1, 4].Sample(
        changes =>
        {
            var text = new StringBuilder(Network);
            foreach (var (at, letter) in changes)
            {
                text[at] = letter;
            }

            try
            {
                var import = Routes.Import([Write("fuzz.json", text.ToString())]);
                Assert.NotEqual(import.Problems.IsEmpty, import.Networks.IsEmpty);
            }
            catch (InputException)
            {
                // No JSON any more.
            }
        },
        iter: 300,
        threads: 1);

    private const string Network = """
        { "networks": [ { "id": "a096d627-72e1-4f9b-b129-951b1737bff4", "name": "Town",
          "nodes": [ { "id": "1", "status": "operational", "location": { "type": "Point", "coordinates": [6.76, 51.43] } }, { "id": "2", "accessPoint": true } ],
          "spans": [ { "id": "1", "start": "1", "end": "2", "fibreCount": 24, "route": { "type": "LineString", "coordinates": [[6.76, 51.43], [6.77, 51.44]] } } ],
          "links": [ { "rel": "describedby", "href": "https://raw.githubusercontent.com/Open-Telecoms-Data/open-fibre-data-standard/0__3__0/schema/network-schema.json" } ] } ] }
        """;

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static string Shared(string name)
    {
        var file = Books.SharedData("ofds/" + name);
        Assert.SkipWhen(file is null, $"This test needs ../shared/data/ofds/{name}, which is not here");
        return file!;
    }
}

using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Kehrwerk.Centre.Access;
using Kehrwerk.Centre.Access.Duty;
using Kehrwerk.Centre.Access.Pages;
using Kehrwerk.Centre.Access.People;
using Kehrwerk.Centre.Access.Qualifications;
using Kehrwerk.Centre.Cases;
using Kehrwerk.Centre.Fleet;
using Kehrwerk.Centre.Live;
using Kehrwerk.Centre.Missions;
using Kehrwerk.Centre.Pages;
using Kehrwerk.Centre.Record.Pages;
using Kehrwerk.Centre.Upkeep;
using Kehrwerk.Centre.Upkeep.Pages;
using Kehrwerk.Link.Messages;
using Kehrwerk.Web;
using Xunit;

namespace Kehrwerk.Centre.Tests.Pages;

public sealed partial class TextsTests
{
    public static TheoryData<Type> Sets => [typeof(CentreTexts), typeof(CaseTexts), typeof(AccessTexts), typeof(RecordTexts), typeof(UpkeepTexts), typeof(WebTexts)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_text_stands_in_both_languages_with_the_same_places_to_fill(Type set)
    {
        var german = Read(set, "");
        var english = Read(set, "en");

        Assert.Equal(german.Keys.Order(StringComparer.Ordinal), english.Keys.Order(StringComparer.Ordinal));
        Assert.All(german, text => Assert.Equal(Places(text.Value), Places(english[text.Key])));
        Assert.All([.. german.Values, .. english.Values], text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }

    [Fact]
    public void Every_state_that_a_vehicle_can_be_in_has_a_word()
    {
        var texts = Read(typeof(CentreTexts), "");

        Assert.All(Enum.GetNames<VehicleActivity>(), name => Assert.Contains($"Activity.{name}", texts));
        Assert.All(Enum.GetNames<LinkState>(), name => Assert.Contains($"Link.{name}", texts));
        Assert.All(Enum.GetNames<VehicleCommandKind>(), name => Assert.Contains($"Act.{name}", texts));
        Assert.All([.. Enum.GetNames<RequestKind>(), .. Enum.GetNames<RequestStatus>()], name => Assert.Contains($"Request.{name}", texts));
        Assert.All((GrantType[])[GrantType.Rejected, GrantType.Revoked], grant => Assert.True(texts.ContainsKey($"Requests.{grant}") && texts.ContainsKey($"Requests.{grant}Of")));
    }

    [Theory]
    [InlineData("Kehrwerk.Centre", typeof(CentreTexts))]
    [InlineData("Kehrwerk.Centre/Access", typeof(AccessTexts))]
    [InlineData("Kehrwerk.Web", typeof(WebTexts))]
    public void Every_text_that_a_page_or_script_names_exists(string project, Type set)
    {
        var texts = Read(set, "");
        var root = Root();
        var named = Directory.EnumerateFiles(Path.Combine(root, "src", project), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.Contains("wwwroot/live", StringComparison.Ordinal))
            // Pages about people have texts of their own.
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && (set == typeof(AccessTexts) || !file.Contains("/Access/", StringComparison.Ordinal)))
            .SelectMany(file => Named().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["key"].Value)
            .ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, key => !texts.ContainsKey(key));
    }

    [Fact]
    public void Whatever_pages_about_people_build_the_name_of_has_a_word()
    {
        var texts = Read(typeof(AccessTexts), "");

        Assert.All(Enum.GetNames<Role>(), name => Assert.Contains($"Role.{name}", texts));
        Assert.All(Enum.GetNames<QualificationKind>(), name => Assert.Contains($"Kind.{name}", texts));
        Assert.All(Enum.GetNames<DutyProblem>(), name => Assert.Contains($"Problem.{name}", texts));
        Assert.All(Enum.GetNames<PeopleProblem>(), name => Assert.Contains($"Problem.{name}", texts));
        Assert.All(Enum.GetNames<DutyPresence>(), name => Assert.Contains($"Presence.{name}", texts));
    }

    [Fact]
    public void Everything_that_a_case_can_be_has_its_words_and_no_key_is_in_two_sets()
    {
        var texts = Read(typeof(CaseTexts), "");

        Assert.All(CaseRules.All, rule => Assert.All(["Kind", "Cause", "Else"], part => Assert.Contains($"{part}.{rule.Kind}", texts)));
        Assert.All(Enum.GetNames<CaseAction>(), name => Assert.All(["Action", "Then"], part => Assert.Contains($"{part}.{name}", texts)));
        Assert.All(Enum.GetNames<CaseClass>(), name => Assert.Contains($"Class.{name}", texts));
        Assert.All(Enum.GetNames<CasePriority>(), name => Assert.Contains($"Priority.{name}", texts));
        Assert.All(Enum.GetNames<CaseState>(), name => Assert.Contains($"State.{name}", texts));
        Assert.All(Enum.GetNames<CaseStepKind>(), name => Assert.Contains($"Step.{name}", texts));
        Assert.All(Enum.GetNames<CaseRefusalCode>(), name => Assert.Contains($"Refused.{name}", texts));
        Assert.All(Enum.GetNames<MrcCause>(), name => Assert.True(name == nameof(MrcCause.Deactivated) || texts.ContainsKey($"Detail.MinimalRisk.{name}"), name));
        Assert.All(Enum.GetNames<DepotService>(), name => Assert.All(["Detail.BayWait", "Detail.DepotQueue", "Place.depot"], part => Assert.Contains($"{part}.{name}", texts)));
        Assert.Empty(texts.Keys.Intersect(Read(typeof(CentreTexts), "").Keys));
    }

    [Fact]
    public void Every_text_of_cases_that_a_page_or_script_names_exists()
    {
        var texts = Read(typeof(CaseTexts), "").Keys.Concat(Read(typeof(CentreTexts), "").Keys).ToHashSet(StringComparer.Ordinal);
        var named = Directory.EnumerateFiles(Path.Combine(Root(), "src", "Kehrwerk.Centre"), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.Contains("wwwroot/cases", StringComparison.Ordinal))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => NamedOfCases().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["key"].Value)
            .ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, key => !texts.Contains(key));
    }

    [Theory]
    [InlineData("Record", typeof(RecordTexts), 'R')]
    [InlineData("Upkeep", typeof(UpkeepTexts), 'U')]
    public void Every_text_that_a_page_of_a_part_names_exists(string folder, Type set, char letter)
    {
        var texts = Read(set, "");
        var named = Directory.EnumerateFiles(Path.Combine(Root(), "src", "Kehrwerk.Centre", folder), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), $@"\b{letter}\[""(?<key>[A-Za-z.]+)"""))
            .Select(match => match.Groups["key"].Value)
            .ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, key => !texts.ContainsKey(key));
    }

    [Fact]
    public void Everything_that_a_check_can_be_has_its_words()
    {
        var texts = Read(typeof(UpkeepTexts), "");

        Assert.All(Enum.GetNames<CheckItem>(), name => Assert.All(["Item", "Hint"], part => Assert.Contains($"{part}.{name}", texts)));
        Assert.All(Enum.GetNames<CheckKind>(), name => Assert.Contains($"Kind.{name}", texts));
    }

    private static Dictionary<string, string> Read(Type set, string culture)
    {
        var resources = new ResourceManager(set).GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false);
        Assert.NotNull(resources);
        return resources.Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);
    }

    private static string Places(string text) => string.Join(' ', Place().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kehrwerk.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests read the sources: run them inside the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    // T["Key"] and T["Key", value] in Razor, t("Key") in scripts.
    [GeneratedRegex(@"\b(?:T\[|t\()""(?<key>[A-Za-z.]+)""")]
    private static partial Regex Named();

    [GeneratedRegex(@"\b(?:C\[|t\()""(?<key>[A-Za-z.]+)""")]
    private static partial Regex NamedOfCases();
}

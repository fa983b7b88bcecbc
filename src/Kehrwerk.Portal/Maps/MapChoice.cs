using Kehrwerk.Portal.Atlas;

namespace Kehrwerk.Portal.Maps;

/// <summary>What of the atlas a person wants to see; an empty group stands for all of it. Written in the address of the page.</summary>
public sealed record MapChoice(IReadOnlySet<FibreStage> Stages, IReadOnlySet<string> Providers, IReadOnlySet<Funding> Fundings)
{
    // More than any city has providers.
    private const int MaxValues = 50;

    public static MapChoice Of(string?[] stages, string?[] providers, string?[] fundings) => new(
        Named<FibreStage>(stages),
        providers.OfType<string>().Take(MaxValues).ToHashSet(StringComparer.Ordinal),
        Named<Funding>(fundings));

    public bool Has(FibreStage stage) => Stages.Count == 0 || Stages.Contains(stage);

    public bool Has(Funding funding) => Fundings.Count == 0 || Fundings.Contains(funding);

    public bool HasProvider(string provider) => Providers.Count == 0 || Providers.Contains(provider);

    public bool Shows(FibreProject project) => Has(project.Stage) && Has(project.Funding) && HasProvider(project.Provider);

    private static HashSet<T> Named<T>(string?[] names)
        where T : struct, Enum =>
        [.. names.Take(MaxValues).Where(n => Enum.IsDefined(typeof(T), n ?? "")).Select(n => Enum.Parse<T>(n!))];
}

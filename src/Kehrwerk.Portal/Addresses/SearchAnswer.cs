using System.Collections.Immutable;
using Kehrwerk.Streets;

namespace Kehrwerk.Portal.Addresses;

/// <summary>How the street of an answer relates to what was typed.</summary>
public enum Spelling : byte
{
    /// <summary>As it was typed, but for the ways in which the same name is written.</summary>
    AsTyped,

    /// <summary>What was typed is the beginning of it, or some of its words.</summary>
    Completed,

    /// <summary>Typing errors were put right.</summary>
    Corrected,
}

/// <summary>How to search.</summary>
public sealed record SearchOptions
{
    public const int MaxLimit = 50;

    public static SearchOptions Default { get; } = new();

    /// <summary>So many answers at most, 1–50.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Of answers that fit alike, those near here come first.</summary>
    public GeoPoint? Near { get; init; }
}

/// <summary>A street or an address that fits what was typed.</summary>
/// <param name="Address">Address of the book, or -1 where the answer is the street.</param>
/// <param name="Ignored">What was typed and has no part in it: a word, a postcode that it does not have. Empty where there is nothing.</param>
/// <param name="Cost">0 fits wholly; 1 is about one typing error.</param>
public sealed record SearchHit(int Street, int Address, AddressMatch Match, Spelling Spelling, ImmutableArray<string> Ignored, double Cost);

/// <summary>What a search found.</summary>
/// <param name="Hits">The best first.</param>
/// <param name="IsAmbiguous">Several fit about as well as the first: a person should be asked which one is meant.</param>
public sealed record SearchAnswer(ImmutableArray<SearchHit> Hits, bool IsAmbiguous)
{
    public static SearchAnswer Nothing { get; } = new([], false);
}

namespace Kehrwerk.Centre.Cases;

/// <summary>What always holds of a case book.</summary>
internal static class CaseCheck
{
    /// <summary>What does not hold, or null.</summary>
    public static string? Problem(CaseBook book, DateTimeOffset now)
    {
        var seen = new HashSet<CaseKey>();
        foreach (var one in book.Open)
        {
            if (one.Place != CasePlace.Outside && !seen.Add(new(one.Kind, one.Place)))
            {
                return $"{one.Kind} is open twice at {one.Place}";
            }

            if (one.Due <= now)
            {
                return FormattableString.Invariant($"case {one.Id} should have escalated at {one.Due:T}");
            }

            if (one.Owner is null != one.State is not (CaseState.Owned or CaseState.Decided))
            {
                return $"case {one.Id} is {one.State} and its owner is {one.Owner ?? "nobody"}";
            }

            if (one.Owner is null && CaseConditions.CauseOf(book, one.Kind, one.Place, null) is { } cause)
            {
                return $"case {one.Id}, {one.Kind}, stands beside its cause {cause.Id}, {cause.Kind}";
            }
        }

        return null;
    }
}

using Kehrwerk.Centre.Fleet;

namespace Kehrwerk.Centre.Live;

/// <summary>
/// The guided investigation of a minimal risk condition, AFGBV § 14 (3) (T6): what triggered it, whether it was needed, whether traffic is endangered or there is
/// a defect, and what was checked. What endangers traffic is removed first, what has a defect is taken over by hand: neither is released.
/// </summary>
/// <param name="Needed">Yes, No or Unclear.</param>
/// <param name="Traffic">Yes or No: it endangers traffic where it stands.</param>
/// <param name="Defect">Yes or No.</param>
/// <param name="Checked">Words of <see cref="Checks"/>, apart by commas: each has to be there.</param>
internal sealed record MrcForm(string? Trigger, string? Needed, string? Traffic, string? Defect, string? Checked, string? Looked)
{
    public const int MaxTrigger = 150;
    public const int MaxLooked = 600;

    /// <summary>What has to be checked before it goes on.</summary>
    public static readonly string[] Checks = ["Surroundings", "Reports", "Contact"];

    /// <summary>Why the vehicle must not be released on this; null where it may.</summary>
    public string? Refusal() =>
        string.IsNullOrWhiteSpace(Trigger) || Trigger.Length > MaxTrigger ? $"say what triggered it (trigger, up to {MaxTrigger} characters)"
        : Needed is not ("Yes" or "No" or "Unclear") ? "say whether it was needed (needed=Yes, No or Unclear)"
        : Traffic is not ("Yes" or "No") ? "say whether it endangers traffic where it stands (traffic=Yes or No)"
        : Traffic == "Yes" ? "it endangers traffic where it stands: it is removed first and investigated afterwards (AFGBV § 14 (3))"
        : Defect is not ("Yes" or "No") ? "say whether it has a defect (defect=Yes or No)"
        : Defect == "Yes" ? "it has a defect: it is taken over by hand until it is repaired (AFGBV § 14 (3))"
        : Checks.FirstOrDefault(check => !(Checked ?? "").Split(',').Contains(check)) is { } missing ? $"check everything first ({missing} is missing)"
        : string.IsNullOrWhiteSpace(Looked) || Looked.Length > MaxLooked ? $"say why it may go on (looked, up to {MaxLooked} characters)"
        : null;

    /// <summary>As it goes on record and to the vehicle.</summary>
    public Investigation ToInvestigation(bool cancelsOrder) => new(
        $"{Trigger!.Trim()} (needed: {Needed})",
        $"Traffic not endangered, no defect found, checked: {string.Join(", ", Checks)}. {Looked!.Trim()}",
        cancelsOrder);
}

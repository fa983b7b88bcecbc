namespace Kehrwerk.Centre.Upkeep.Pages;

/// <summary>Names the texts of the pages about checks of vehicles: <c>UpkeepTexts.resx</c> (German) and <c>UpkeepTexts.en.resx</c>.</summary>
public sealed class UpkeepTexts;

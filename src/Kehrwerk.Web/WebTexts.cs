namespace Kehrwerk.Web;

/// <summary>Names the texts of the shared parts: <c>WebTexts.resx</c> (German) and <c>WebTexts.en.resx</c>.</summary>
public sealed class WebTexts;

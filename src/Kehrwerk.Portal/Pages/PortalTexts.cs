namespace Kehrwerk.Portal.Pages;

/// <summary>Names the texts of the Portal's pages: <c>PortalTexts.resx</c> (German) and <c>PortalTexts.en.resx</c>.</summary>
public sealed class PortalTexts;

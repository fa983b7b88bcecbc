namespace Kehrwerk.Streets.Tiles;

/// <summary>What a map needs to know about a set of tiles before it asks for one.</summary>
/// <param name="SouthWest">South-western corner of what a map shows at first: where nearly everything that is swept lies.</param>
/// <param name="NorthEast">Its north-eastern corner.</param>
/// <param name="MinZoom">The smallest zoom at which there are tiles.</param>
/// <param name="MaxZoom">The greatest one; beyond it the map enlarges these.</param>
public sealed record TileSetInfo(GeoPoint SouthWest, GeoPoint NorthEast, int MinZoom, int MaxZoom);

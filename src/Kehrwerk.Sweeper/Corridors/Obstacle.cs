namespace Kehrwerk.Sweeper;

/// <summary>Something that the vehicle's sensors find on its line.</summary>
/// <param name="Arc">Key of the arc on which it lies.</param>
/// <param name="AtM">Where it begins, metres from the start of the arc.</param>
/// <param name="LengthM">How long it is along the arc, metres.</param>
/// <param name="AsideM">How far to the left of its line the vehicle must be to pass, metres; to the right if negative; null if nothing passes.</param>
public sealed record Obstacle(string Arc, double AtM, double LengthM, double? AsideM);

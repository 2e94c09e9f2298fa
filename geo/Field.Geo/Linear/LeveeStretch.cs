namespace Field.Geo.Linear;

/// <summary>A stretch of a levee between two marks, from downstream to upstream.</summary>
/// <param name="River">Its name.</param>
/// <param name="Bank">Its bank, or null.</param>
/// <param name="FromKm">Mark below the lower end.</param>
/// <param name="FromOffsetM">Metres upstream from it.</param>
/// <param name="ToKm">Mark below the upper end.</param>
/// <param name="ToOffsetM">Metres upstream from it.</param>
public sealed record LeveeStretch(string River, Bank? Bank, double FromKm, double FromOffsetM, double ToKm, double ToOffsetM);

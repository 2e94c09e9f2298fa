namespace Field.Demo.Synthetic;

/// <summary>What lies in the output folder.</summary>
/// <param name="Directory">Absolute path: city.geojson, base.json, truth.geojson, flight/, README.md and manifest.json are in it.</param>
/// <param name="Reused">True when the folder was already there, of this generator version, options and hashes.</param>
/// <param name="Photos">Photos in flight/.</param>
/// <param name="Cracks">Planted cracks in truth.geojson.</param>
public sealed record DemoDataSummary(string Directory, bool Reused, int Photos, int Cracks)
{
    /// <summary>Absolute path of the folder with the photos.</summary>
    public string FlightDirectory => Path.Combine(Directory, DemoData.FlightFolder);
}

/// <summary>How far the generator is.</summary>
/// <param name="Done">Files written.</param>
/// <param name="Total">Files to write.</param>
/// <param name="File">The file just written, relative to the output folder.</param>
public sealed record DemoDataProgress(int Done, int Total, string File);

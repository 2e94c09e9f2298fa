namespace Field.Geo.Routes;

/// <summary>What DJI's route files call an aircraft and its camera (WPML, enumeration values of droneInfo, payloadInfo and imageFormat).</summary>
/// <param name="DroneEnum">wpml:droneEnumValue.</param>
/// <param name="DroneSubEnum">wpml:droneSubEnumValue.</param>
/// <param name="PayloadEnum">wpml:payloadEnumValue.</param>
/// <param name="ImageFormat">wpml:imageFormat.</param>
public sealed record WpmlAircraft(int DroneEnum, int DroneSubEnum, int PayloadEnum, string ImageFormat);

/// <summary>The camera that a route is planned for: square pixels, the photo covers the whole width of the sensor.</summary>
/// <param name="Name">How the command calls it.</param>
/// <param name="SensorWidthMm">Width of the sensor, millimetres.</param>
/// <param name="FocalMm">Focal length of the lens, millimetres (not the 35 mm equivalent).</param>
/// <param name="WidthPx">Columns of a photo.</param>
/// <param name="HeightPx">Rows of a photo.</param>
public sealed record RouteCamera(string Name, double SensorWidthMm, double FocalMm, int WidthPx, int HeightPx)
{
    /// <summary>How people call the aircraft and camera.</summary>
    public string Label { get; init; } = Name;

    /// <summary>Shortest time between two photos, seconds.</summary>
    public double MinIntervalS { get; init; } = 2;

    /// <summary>How DJI's route files name it; null when its aircraft flies no WPML routes.</summary>
    public WpmlAircraft? Wpml { get; init; }

    /// <summary>Focal length in pixels.</summary>
    public double FocalPx => FocalMm / SensorWidthMm * WidthPx;

    /// <summary>Height of the part of the sensor that the photo shows, millimetres.</summary>
    public double SensorHeightMm => SensorWidthMm * HeightPx / WidthPx;

    /// <summary>The camera for <see cref="GroundProjection"/>.</summary>
    public CameraIntrinsics Intrinsics => new(WidthPx, HeightPx, FocalPx);

    /// <summary>
    /// Cameras of common aircraft. Widths of sensors are those that photos are placed with (one table, checked there against the angles of
    /// view). Focal lengths and pixels are from DJI's specification pages of each aircraft; focal lengths are nominal, a lens differs from its
    /// sheet by about 1 %. Shortest intervals: 0.7 s by the sheets of the Mavic 3E and the P1; 2 s for JPEG by DJI's SDK for the others, to which
    /// half a second is added for the Phantoms and Mavics, since that figure is for a camera that is not busy with a slow card. The Phantom 4 and Mavic 2 fly no WPML.
    /// </summary>
    public static IReadOnlyList<RouteCamera> Presets { get; } =
    [
        new("mavic3e", FocalLength.SensorWidthOf("M3E"), 12.29, 5280, 3956) { Label = "DJI Mavic 3 Enterprise", MinIntervalS = 0.7, Wpml = new(77, 0, 66, "visible") },
        new("m30", FocalLength.SensorWidthOf("M30"), 4.5, 4000, 3000) { Label = "DJI Matrice 30", MinIntervalS = 2, Wpml = new(67, 0, 52, "wide") },
        new("p1-35", FocalLength.SensorWidthOf("ZenmuseP1"), 35, 8192, 5460) { Label = "DJI Matrice 350 + Zenmuse P1 35 mm", MinIntervalS = 0.7, Wpml = new(89, 0, 50, "visible") },
        new("phantom4pro", FocalLength.SensorWidthOf("FC6310"), 8.8, 5472, 3648) { Label = "DJI Phantom 4 Pro", MinIntervalS = 2.5 },
        new("phantom4", FocalLength.SensorWidthOf("FC330"), 3.61, 4000, 3000) { Label = "DJI Phantom 4", MinIntervalS = 2.5 },
        new("mavic-pro", FocalLength.SensorWidthOf("FC220"), 4.73, 4000, 3000) { Label = "DJI Mavic Pro", MinIntervalS = 2.5 },
        new("mavic2-pro", FocalLength.SensorWidthOf("L1D-20c"), 10.26, 5472, 3648) { Label = "DJI Mavic 2 Pro", MinIntervalS = 2.5 },
    ];

    /// <summary>The preset of a name; null when there is none.</summary>
    public static RouteCamera? Find(string name) => Presets.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

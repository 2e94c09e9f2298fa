using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;
using Field.Geo.Routes;
using Field.Geo.Routes.Export;

namespace Field.Tests.Geo.Routes;

/// <summary>The KMZ against DJI's published tables of WPML (template.kml, waylines.wpml, common elements): what is required, its type, range and order.</summary>
public sealed class WpmlExportTests
{
    private static readonly XNamespace Kml = "http://www.opengis.net/kml/2.2";
    private static readonly XNamespace Wpml = "http://www.dji.com/wpmz/1.0.6";
    private static readonly DateTimeOffset Created = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Kmz_holds_the_two_documents_and_nothing_else()
    {
        var plan = Plan();

        using ZipArchive zip = new(new MemoryStream(WpmlExport.Kmz(plan, plan.Flights[0], Created)));

        Assert.Equal(["wpmz/template.kml", "wpmz/waylines.wpml"], zip.Entries.Select(e => e.FullName).Order());
    }

    [Fact]
    public void Documents_have_what_the_format_requires()
    {
        foreach (var plan in new[] { Plan(), Plan(turnRadius: 10), Plan("m30"), Plan("p1-35") })
        {
            foreach (var flight in plan.Flights)
            {
                var kmz = WpmlExport.Kmz(plan, flight, Created);
                Waylines(Read(kmz, "wpmz/waylines.wpml"), flight);
                Template(Read(kmz, "wpmz/template.kml"), flight);
            }
        }
    }

    [Fact]
    public void Every_track_turns_the_gimbal_and_takes_a_photo_each_interval()
    {
        var plan = Plan(turnRadius: 10);
        var flight = plan.Flights[0];
        var marks = Read(WpmlExport.Kmz(plan, flight, Created), "wpmz/waylines.wpml").Descendants(Kml + "Placemark").ToArray();

        var first = Expected(flight).ToList().IndexOf(flight.Legs[0].Waypoints[0]);
        foreach (var leg in flight.Legs)
        {
            var groups = marks[first].Elements(Wpml + "actionGroup").ToArray();
            var rotate = groups[0].Elements(Wpml + "action").First();
            Assert.Equal("gimbalRotate", Text(rotate, "actionActuatorFunc"));
            Assert.Equal(leg.PitchDeg, Number(rotate.Element(Wpml + "actionActuatorFuncParam")!, "gimbalPitchRotateAngle"));
            var along = groups[1];
            Assert.Equal("multipleDistance", Text(along.Element(Wpml + "actionTrigger")!, "actionTriggerType"));
            Assert.Equal(leg.IntervalM, Number(along.Element(Wpml + "actionTrigger")!, "actionTriggerParam"), 0.0006);
            Assert.Equal(first, Number(along, "actionGroupStartIndex"));
            Assert.Equal(first + leg.Waypoints.Count - 1, Number(along, "actionGroupEndIndex"));
            first += leg.Waypoints.Count;
        }

        Assert.Equal(plan.Flights[0].Legs.Count * 2, marks.Sum(m => m.Elements(Wpml + "actionGroup").Count()));
    }

    [Fact]
    public void Camera_whose_aircraft_flies_no_wpml_has_no_kmz()
    {
        var plan = Plan("phantom4pro");

        Assert.Throws<ArgumentException>(() => WpmlExport.Kmz(plan, plan.Flights[0], Created));
    }

    /// <summary>A plan of several flights along a winding line over a hill.</summary>
    internal static RoutePlan Plan(string camera = "mavic3e", double turnRadius = 0)
    {
        var plan = LeveePlanner.Plan(RouteSamples.Straight() with
        {
            Camera = RouteCamera.Find(camera)!,
            Line = RouteSamples.Winding(new Random(9), 50, 5),
            Homes = [],
            TurnRadiusM = turnRadius,
            GimbalPitchDeg = -80,
            WidthM = 120,
            BatteryMin = 14,
            SpeedMps = 2.5,
            TransitSpeedMps = 10,
            FrontOverlap = 0.7,
            Ground = [new(0, 3), new(200, 12), new(500, 5)],
            NoFly = [new NoFlyZone("a", RouteSamples.Box(900, 900, 950, 950))],
        });
        Assert.Empty(plan.Refusals);
        return plan;
    }

    internal static XDocument Read(byte[] kmz, string name)
    {
        using ZipArchive zip = new(new MemoryStream(kmz));
        using var stream = zip.GetEntry(name)!.Open();
        return XDocument.Load(stream);
    }

    internal static void Waylines(XDocument document, RouteFlight flight)
    {
        var root = Root(document);
        Assert.Equal([Wpml + "missionConfig", Kml + "Folder"], root.Elements().Select(e => e.Name));
        Mission(root.Element(Wpml + "missionConfig")!);
        var folder = root.Element(Kml + "Folder")!;
        Ordered(folder, ["templateId", "executeHeightMode", "waylineId", "autoFlightSpeed"]);
        Assert.Equal("relativeToStartPoint", Text(folder, "executeHeightMode"));
        Within(folder, "templateId", 0, 65535);
        Within(folder, "waylineId", 0, 65535);
        Within(folder, "autoFlightSpeed", 0.01, 15);
        Placemarks(folder, flight, "executeHeight");
        foreach (var mark in folder.Elements(Kml + "Placemark"))
        {
            Ordered(mark, ["index", "executeHeight", "waypointSpeed", "waypointHeadingParam", "waypointTurnParam", "useStraightLine"]);
            Assert.Contains(Text(mark, "useStraightLine"), new[] { "0", "1" });
        }

        ActionGroups(folder);
    }

    internal static void Template(XDocument document, RouteFlight flight)
    {
        var root = Root(document);
        Assert.Equal(Created.ToUnixTimeMilliseconds(), Number(root, "createTime"));
        Mission(root.Element(Wpml + "missionConfig")!);
        var folder = root.Element(Kml + "Folder")!;
        Assert.Equal("waypoint", Text(folder, "templateType"));
        Ordered(folder, ["templateType", "templateId", "waylineCoordinateSysParam", "autoFlightSpeed", "globalHeight", "gimbalPitchMode", "globalWaypointHeadingParam", "globalWaypointTurnMode", "globalUseStraightLine", "payloadParam"]);
        var system = folder.Element(Wpml + "waylineCoordinateSysParam")!;
        Assert.Equal("WGS84", Text(system, "coordinateMode"));
        Assert.Equal("relativeToStartPoint", Text(system, "heightMode"));
        Assert.Contains(Text(folder, "gimbalPitchMode"), new[] { "manual", "usePointSetting" });
        Heading(folder.Element(Wpml + "globalWaypointHeadingParam")!);
        Assert.Contains(Text(folder.Element(Wpml + "payloadParam")!, "imageFormat"), new[] { "wide", "zoom", "ir", "visible" });
        Placemarks(folder, flight, "height");
        foreach (var mark in folder.Elements(Kml + "Placemark"))
        {
            Ordered(mark, ["index", "ellipsoidHeight", "height", "useGlobalHeight", "useGlobalSpeed", "waypointSpeed", "useGlobalHeadingParam", "waypointHeadingParam", "useGlobalTurnParam", "waypointTurnParam", "useStraightLine"]);
        }

        ActionGroups(folder);
    }

    private static XElement Root(XDocument document)
    {
        Assert.Equal(Kml + "kml", document.Root!.Name);
        Assert.All(document.Descendants(), e => Assert.Contains(e.Name.Namespace, new[] { Kml, Wpml }));
        string[] kml = ["kml", "Document", "Folder", "Placemark", "Point", "coordinates"];
        Assert.All(document.Descendants(), e => Assert.Equal(kml.Contains(e.Name.LocalName), e.Name.Namespace == Kml));
        return Assert.Single(document.Root.Elements(Kml + "Document"));
    }

    private static void Mission(XElement mission)
    {
        Ordered(mission, ["flyToWaylineMode", "finishAction", "exitOnRCLost", "executeRCLostAction", "takeOffSecurityHeight", "globalTransitionalSpeed", "globalRTHHeight", "droneInfo", "payloadInfo"]);
        Assert.Contains(Text(mission, "flyToWaylineMode"), new[] { "safely", "pointToPoint" });
        Assert.Contains(Text(mission, "finishAction"), new[] { "goHome", "noAction", "autoLand", "gotoFirstWaypoint" });
        Assert.Contains(Text(mission, "exitOnRCLost"), new[] { "goContinue", "executeLostAction" });
        Assert.Contains(Text(mission, "executeRCLostAction"), new[] { "goBack", "landing", "hover" });
        Within(mission, "takeOffSecurityHeight", 2, 1500);
        Within(mission, "globalTransitionalSpeed", 0.01, 15);
        Assert.Contains((int)Number(mission.Element(Wpml + "droneInfo")!, "droneEnumValue"), new[] { 60, 67, 77, 89, 91 });
        Within(mission.Element(Wpml + "droneInfo")!, "droneSubEnumValue", 0, 2);
        Within(mission.Element(Wpml + "payloadInfo")!, "payloadEnumValue", 1, 65534);
        Within(mission.Element(Wpml + "payloadInfo")!, "payloadPositionIndex", 0, 2);
    }

    private static void Placemarks(XElement folder, RouteFlight flight, string heightName)
    {
        var marks = folder.Elements(Kml + "Placemark").ToArray();
        var waypoints = Expected(flight);
        Assert.Equal(waypoints.Length, marks.Length);
        for (var i = 0; i < marks.Length; i++)
        {
            var mark = marks[i];
            Assert.Equal(Kml + "Point", mark.Elements().First().Name);
            Assert.Equal(i, Number(mark, "index"));
            var lonLat = mark.Element(Kml + "Point")!.Element(Kml + "coordinates")!.Value.Split(',').Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(2, lonLat.Length);
            Assert.Equal(waypoints[i].Position.Lon, lonLat[0], 1e-8);
            Assert.Equal(waypoints[i].Position.Lat, lonLat[1], 1e-8);
            Assert.Equal(waypoints[i].HeightM, Number(mark, heightName), 0.001);
            Within(mark, "waypointSpeed", 0.01, 15);
            Heading(mark.Element(Wpml + "waypointHeadingParam")!);
            Turn(mark.Element(Wpml + "waypointTurnParam")!, isEnd: i == 0 || i == marks.Length - 1);
        }
    }

    /// <summary>Before the first and after the last waypoint one at the height of the way out and back, where that is higher.</summary>
    private static RouteWaypoint[] Expected(RouteFlight flight)
    {
        var way = flight.Legs.SelectMany(l => l.Waypoints).ToArray();
        RouteWaypoint[] before = flight.TransitHeightM > way[0].HeightM + 0.5 ? [way[0] with { HeightM = flight.TransitHeightM }] : [];
        RouteWaypoint[] after = flight.TransitHeightM > way[^1].HeightM + 0.5 ? [way[^1] with { HeightM = flight.TransitHeightM }] : [];
        return [.. before, .. way, .. after];
    }

    private static void Heading(XElement heading)
    {
        Assert.Contains(Text(heading, "waypointHeadingMode"), new[] { "followWayline", "manually", "fixed", "smoothTransition", "towardPOI" });
        Assert.InRange(int.Parse(Text(heading, "waypointHeadingAngle"), CultureInfo.InvariantCulture), -180, 180);
        Assert.Contains(Text(heading, "waypointHeadingPathMode"), new[] { "clockwise", "counterClockwise", "followBadArc" });
    }

    private static void Turn(XElement turn, bool isEnd)
    {
        var mode = Text(turn, "waypointTurnMode");
        Assert.Contains(mode, new[] { "toPointAndStopWithDiscontinuityCurvature", "toPointAndPassWithContinuityCurvature" });
        Assert.Equal(mode == "toPointAndPassWithContinuityCurvature", Number(turn, "waypointTurnDampingDist") > 0);
        Assert.False(isEnd && mode == "toPointAndPassWithContinuityCurvature");
    }

    private static void ActionGroups(XElement folder)
    {
        var groups = folder.Descendants(Wpml + "actionGroup").ToArray();
        var count = folder.Elements(Kml + "Placemark").Count();
        Assert.Equal(Enumerable.Range(0, groups.Length), groups.Select(g => (int)Number(g, "actionGroupId")));
        foreach (var group in groups)
        {
            Ordered(group, ["actionGroupId", "actionGroupStartIndex", "actionGroupEndIndex", "actionGroupMode", "actionTrigger", "action"]);
            Assert.Equal(Number(group.Parent!, "index"), Number(group, "actionGroupStartIndex"));
            Within(group, "actionGroupEndIndex", Number(group, "actionGroupStartIndex"), count - 1);
            Assert.Equal("sequence", Text(group, "actionGroupMode"));
            var trigger = group.Element(Wpml + "actionTrigger")!;
            Assert.Contains(Text(trigger, "actionTriggerType"), new[] { "reachPoint", "multipleDistance" });
            Assert.Equal(Text(trigger, "actionTriggerType") == "multipleDistance", trigger.Element(Wpml + "actionTriggerParam") is not null);
            var actions = group.Elements(Wpml + "action").ToArray();
            Assert.Equal(Enumerable.Range(0, actions.Length), actions.Select(a => (int)Number(a, "actionId")));
            Assert.All(actions, Action);
        }
    }

    private static void Action(XElement action)
    {
        var parameters = action.Element(Wpml + "actionActuatorFuncParam")!;
        Within(parameters, "payloadPositionIndex", 0, 2);
        if (Text(action, "actionActuatorFunc") == "takePhoto")
        {
            Assert.NotEmpty(Text(parameters, "fileSuffix"));
            Assert.Contains(Text(parameters, "useGlobalPayloadLensIndex"), new[] { "0", "1" });
            return;
        }

        Assert.Equal("gimbalRotate", Text(action, "actionActuatorFunc"));
        Assert.Equal("north", Text(parameters, "gimbalHeadingYawBase"));
        Assert.Equal("absoluteAngle", Text(parameters, "gimbalRotateMode"));
        foreach (var axis in new[] { "Pitch", "Roll", "Yaw" })
        {
            Assert.Contains(Text(parameters, $"gimbal{axis}RotateEnable"), new[] { "0", "1" });
            Within(parameters, $"gimbal{axis}RotateAngle", -180, 180);
        }

        Assert.Equal("0", Text(parameters, "gimbalRotateTimeEnable"));
        Within(parameters, "gimbalRotateTime", 0, 100);
    }

    private static void Ordered(XElement parent, string[] names)
    {
        var children = parent.Elements().Where(e => e.Name.Namespace == Wpml).Select(e => e.Name.LocalName).Where(names.Contains).Distinct();
        Assert.Equal(names, children);
    }

    private static string Text(XElement parent, string name) => Assert.Single(parent.Elements(Wpml + name)).Value;

    private static double Number(XElement parent, string name) => double.Parse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static void Within(XElement parent, string name, double low, double high) => Assert.InRange(Number(parent, name), low, high);
}

using System.Xml;
using static Field.Geo.Routes.Export.WpmlExport;

namespace Field.Geo.Routes.Export;

/// <summary>Writes the two documents of a KMZ.</summary>
internal sealed class WpmlDocument(XmlWriter writer, RouteRequest request, RouteFlight flight, WpmlAircraft aircraft)
{
    private const string Stop = "toPointAndStopWithDiscontinuityCurvature";
    private const double LeastTransitM = 0.5;
    private const string Pass = "toPointAndPassWithContinuityCurvature";

    /// <summary>Height above take-off that the aircraft climbs to before it goes anywhere; 2 to 1500 by the format.</summary>
    private readonly double securityM = Math.Clamp(flight.TransitHeightM, 2, 1500);

    internal void Template(DateTimeOffset createdAt) => Kml(() =>
    {
        Element("author", "Field");
        Element("createTime", createdAt.ToUnixTimeMilliseconds());
        Element("updateTime", createdAt.ToUnixTimeMilliseconds());
        Mission();
        writer.WriteStartElement("Folder", KmlNamespace);
        Element("templateType", "waypoint");
        Element("templateId", 0);
        Group("waylineCoordinateSysParam", () =>
        {
            Element("coordinateMode", "WGS84");
            Element("heightMode", "relativeToStartPoint");
            Element("positioningType", "GPS");
        });
        Element("autoFlightSpeed", Number(request.SpeedMps));
        Element("globalHeight", Number(securityM));
        Element("gimbalPitchMode", "manual"); // the pitch is set once for each track, by an action
        Group("globalWaypointHeadingParam", () => Heading(flight.Legs[0], flight.Legs[0].Waypoints[0]));
        Element("globalWaypointTurnMode", Stop);
        Element("globalUseStraightLine", 1);
        Placemarks(template: true);
        Group("payloadParam", () =>
        {
            Element("payloadPositionIndex", 0);
            Element("imageFormat", aircraft.ImageFormat);
        });
        writer.WriteEndElement();
    });

    internal void Waylines() => Kml(() =>
    {
        Mission();
        writer.WriteStartElement("Folder", KmlNamespace);
        Element("templateId", 0);
        Element("executeHeightMode", "relativeToStartPoint");
        Element("waylineId", 0);
        Element("autoFlightSpeed", Number(request.SpeedMps));
        Placemarks(template: false);
        writer.WriteEndElement();
    });

    private void Kml(Action content)
    {
        writer.WriteStartDocument();
        writer.WriteStartElement("kml", KmlNamespace);
        writer.WriteAttributeString("xmlns", "wpml", null, Namespace);
        writer.WriteStartElement("Document", KmlNamespace);
        content();
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndDocument();
    }

    private void Mission() => Group("missionConfig", () =>
    {
        Element("flyToWaylineMode", "safely");
        Element("finishAction", "goHome");
        Element("exitOnRCLost", "executeLostAction"); // without its pilot it comes home
        Element("executeRCLostAction", "goBack");
        Element("takeOffSecurityHeight", Number(securityM));
        Element("globalTransitionalSpeed", Number(request.TransitSpeedMps));
        Element("globalRTHHeight", Number(securityM));
        Group("droneInfo", () =>
        {
            Element("droneEnumValue", aircraft.DroneEnum);
            Element("droneSubEnumValue", aircraft.DroneSubEnum);
        });
        Group("payloadInfo", () =>
        {
            Element("payloadEnumValue", aircraft.PayloadEnum);
            Element("payloadPositionIndex", 0);
        });
    });

    private void Placemarks(bool template)
    {
        var (index, group) = (0, 0);
        index = Transit(flight.Legs[0], flight.Legs[0].Waypoints[0], index, template);
        foreach (var leg in flight.Legs)
        {
            var last = index + leg.Waypoints.Count - 1;
            for (var i = 0; i < leg.Waypoints.Count; i++)
            {
                writer.WriteStartElement("Placemark", KmlNamespace);
                Placemark(leg, leg.Waypoints[i], index, template);
                if (i == 0 && leg.IntervalM > 0)
                {
                    AtPoint(leg, index, group++);
                    AlongTrack(leg, index, last, group++);
                }

                writer.WriteEndElement();
                index++;
            }
        }

        Transit(flight.Legs[^1], flight.Legs[^1].Waypoints[^1], index, template);
    }

    /// <summary>
    /// A point at the height of the way out and back, above the first or last point where that is lower: aircraft differ in how they
    /// reach a first point below their take-off height, and none shall do it on a slant past a bridge.
    /// </summary>
    private int Transit(RouteLeg leg, RouteWaypoint waypoint, int index, bool template)
    {
        if (flight.TransitHeightM < waypoint.HeightM + LeastTransitM)
        {
            return index;
        }

        writer.WriteStartElement("Placemark", KmlNamespace);
        Placemark(leg, waypoint with { HeightM = flight.TransitHeightM, TurnM = 0 }, index, template);
        writer.WriteEndElement();
        return index + 1;
    }

    private void Placemark(RouteLeg leg, RouteWaypoint waypoint, int index, bool template)
    {
        writer.WriteStartElement("Point", KmlNamespace);
        writer.WriteElementString("coordinates", KmlNamespace, $"{Number(waypoint.Position.Lon, "0.#########")},{Number(waypoint.Position.Lat, "0.#########")}");
        writer.WriteEndElement();
        Element("index", index);
        if (template)
        {
            Element("ellipsoidHeight", Number(waypoint.HeightM));
            Element("height", Number(waypoint.HeightM));
            Element("useGlobalHeight", 0);
            Element("useGlobalSpeed", 0);
        }
        else
        {
            Element("executeHeight", Number(waypoint.HeightM));
        }

        Element("waypointSpeed", Number(request.SpeedMps));
        if (template)
        {
            Element("useGlobalHeadingParam", 0);
        }

        Group("waypointHeadingParam", () => Heading(leg, waypoint));
        if (template)
        {
            Element("useGlobalTurnParam", 0);
        }

        Group("waypointTurnParam", () =>
        {
            Element("waypointTurnMode", waypoint.TurnM > 0 ? Pass : Stop);
            Element("waypointTurnDampingDist", Number(waypoint.TurnM));
        });
        Element("useStraightLine", 1);
    }

    private void Heading(RouteLeg leg, RouteWaypoint waypoint)
    {
        Element("waypointHeadingMode", leg.NoseAlongTrack ? "followWayline" : "smoothTransition");
        Element("waypointHeadingAngle", (int)Math.Round(Math.IEEERemainder(waypoint.YawDeg, 360)));
        Element("waypointHeadingPathMode", "followBadArc");
    }

    /// <summary>Turns the gimbal and takes the first photo, at the point itself.</summary>
    private void AtPoint(RouteLeg leg, int index, int group) => ActionGroup(group, index, index, "reachPoint", null, () =>
    {
        Action(0, "gimbalRotate", () =>
        {
            Element("gimbalHeadingYawBase", "north");
            Element("gimbalRotateMode", "absoluteAngle");
            Element("gimbalPitchRotateEnable", 1);
            Element("gimbalPitchRotateAngle", Number(leg.PitchDeg));
            foreach (var axis in (string[])["Roll", "Yaw"])
            {
                Element($"gimbal{axis}RotateEnable", 0);
                Element($"gimbal{axis}RotateAngle", 0);
            }

            Element("gimbalRotateTimeEnable", 0);
            Element("gimbalRotateTime", 0);
            Element("payloadPositionIndex", 0);
        });
        Action(1, "takePhoto", () => TakePhoto(leg));
    });

    private void AlongTrack(RouteLeg leg, int first, int last, int group) =>
        ActionGroup(group, first, last, "multipleDistance", leg.IntervalM, () => Action(0, "takePhoto", () => TakePhoto(leg)));

    private void TakePhoto(RouteLeg leg)
    {
        Element("payloadPositionIndex", 0);
        Element("fileSuffix", $"track-{leg.Name}");
        Element("payloadLensIndex", aircraft.ImageFormat);
        Element("useGlobalPayloadLensIndex", 0);
    }

    private void ActionGroup(int id, int first, int last, string trigger, double? parameter, Action actions) => Group("actionGroup", () =>
    {
        Element("actionGroupId", id);
        Element("actionGroupStartIndex", first);
        Element("actionGroupEndIndex", last);
        Element("actionGroupMode", "sequence");
        Group("actionTrigger", () =>
        {
            Element("actionTriggerType", trigger);
            if (parameter is { } value)
            {
                Element("actionTriggerParam", Number(value));
            }
        });
        actions();
    });

    private void Action(int id, string function, Action parameters) => Group("action", () =>
    {
        Element("actionId", id);
        Element("actionActuatorFunc", function);
        Group("actionActuatorFuncParam", parameters);
    });

    private void Group(string name, Action content)
    {
        writer.WriteStartElement("wpml", name, Namespace);
        content();
        writer.WriteEndElement();
    }

    private void Element(string name, string value) => writer.WriteElementString("wpml", name, Namespace, value);

    private void Element(string name, long value) => Element(name, Number(value));
}

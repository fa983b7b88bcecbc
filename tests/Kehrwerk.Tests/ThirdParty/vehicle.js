// A sweeper on top of the virtual vehicle of vda-5050-lib, which the project did not write: that one takes orders and instant actions, checks them,
// drives and reports, in VDA 5050 2.0. Ours is only what a sweeper does besides. The only argument is JSON:
// broker, tls, manufacturer, serial, position, speed.
"use strict";
const { readFileSync } = require("node:fs");
const { ActionStatus, AgvController, VirtualAgvAdapter } = require("vda-5050-lib");

const RUNS = { ON_INIT: { next: ActionStatus.Running }, ON_CANCEL: {} };

class Sweeper extends VirtualAgvAdapter {
    sweeps = [];

    get actionDefinitions() {
        const atDepot = actionType => ({
            actionType,
            actionScopes: "node",
            transitions: {
                ...RUNS,
                [ActionStatus.Running]: { durationTime: 0.5, next: ActionStatus.Finished },
                [ActionStatus.Finished]: { resultDescription: () => `${actionType} done` },
                [ActionStatus.Failed]: { errorDescription: () => `${actionType} failed` },
            },
        });
        return [
            ...super.actionDefinitions,
            ...["tip", "washHopper", "fillWater"].map(atDepot),
            {
                actionType: "sweep",
                actionScopes: "edge",
                actionParameterConstraints: { kerb: value => typeof value === "string" && value !== "", side: value => value === "left" || value === "right" },
                transitions: RUNS,
            },
        ];
    }

    // The library drives an edge when its actions have ended. A sweep lasts as long as the edge, so it drives the edge itself.
    executeAction(context) {
        if (context.action.actionType !== "sweep") {
            super.executeAction(context);
            return;
        }

        const { x, y } = this.vehicleState.position;
        this.sweeps.push({ context, x, y });
        context.updateActionStatus({ actionStatus: ActionStatus.Running });
        this.traverseEdge({
            edge: context.edge,
            startNode: context.edgeStartNode,
            endNode: context.edgeEndNode,
            edgeTraversed: () => this.sweeps.splice(0).forEach(sweep => this.end(sweep, ActionStatus.Finished, "")),
        });
    }

    cancelAction(context) {
        const index = this.sweeps.findIndex(sweep => sweep.context.action.actionId === context.action.actionId);
        if (index < 0) {
            super.cancelAction(context);
        } else {
            this.end(this.sweeps.splice(index, 1)[0], ActionStatus.Failed, "cancelled;");
        }
    }

    end({ context, x, y }, actionStatus, reason) {
        const here = this.vehicleState.position;
        context.updateActionStatus({ actionStatus, resultDescription: `${reason}sweptM=${Math.hypot(here.x - x, here.y - y).toFixed(2)}` });
    }
}

const { broker, tls, manufacturer, serial, position, speed } = JSON.parse(process.argv[2]);
const tlsOptions = tls && { ca: readFileSync(tls.ca), cert: readFileSync(tls.cert), key: readFileSync(tls.key), clientId: `${manufacturer}/${serial}` };
const controller = new AgvController(
    { manufacturer, serialNumber: serial },
    { interfaceName: "uagv", vdaVersion: "2.0.0", transport: { brokerUrl: broker, reconnectPeriod: 200, tlsOptions } },
    { agvAdapterType: Sweeper, publishStateInterval: 500, publishVisualizationInterval: 0 },
    { initialPosition: position, vehicleSpeed: speed, tickRate: 20 });

const action = (actionType, ...actionScopes) => ({ actionType, actionScopes });
const parameters = keys => keys.map(key => ({ key, valueDataType: "STRING" }));
controller.start().then(() => controller.updateFactsheet({
    typeSpecification: {
        seriesName: "Third party", agvKinematic: "DIFF", agvClass: "CARRIER", maxLoadMass: 0,
        localizationTypes: ["NATURAL"], navigationTypes: ["AUTONOMOUS"],
    },
    physicalParameters: { speedMin: 0, speedMax: speed, accelerationMax: 1, decelerationMax: 2, heightMin: 2, heightMax: 2, width: 1.2, length: 4 },
    protocolLimits: { maxStringLens: {}, maxArrayLens: { "order.nodes": 100 }, timing: { minOrderInterval: 0, minStateInterval: 0 } },
    protocolFeatures: {
        optionalParameters: [{ parameter: "order.nodes.nodePosition.theta", support: "SUPPORTED" }],
        agvActions: [
            { ...action("sweep", "EDGE"), actionParameters: parameters(["kerb", "side"]) },
            action("tip", "NODE"), action("startCharging", "INSTANT", "NODE"),
            action("startPause", "INSTANT"), action("stopPause", "INSTANT"), action("cancelOrder", "INSTANT"),
        ],
    },
    agvGeometry: {},
    loadSpecification: {},
}), failed => {
    console.error(failed);
    process.exit(1);
});
